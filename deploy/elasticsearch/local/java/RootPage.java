package vonggac.local;

import java.util.List;
import java.util.function.Supplier;
import org.apache.lucene.util.Version;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterName;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** GET and HEAD /: name and version, by which clients know what they talk to. */
final class RootPage extends BaseRestHandler {
  private final String cluster;
  private final Supplier<DiscoveryNodes> nodes;

  RootPage(Settings settings, Supplier<DiscoveryNodes> nodes) {
    this.cluster = ClusterName.CLUSTER_NAME_SETTING.get(settings).value();
    this.nodes = nodes;
  }

  @Override
  public String getName() {
    return "local_root_page";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    return channel -> {
      Build build = Build.current();
      XContentBuilder page = channel.newBuilder().startObject();
      page.field("name", nodes.get().getLocalNode().getName()).field("cluster_name", cluster);
      page.startObject("version");
      page.field("number", build.version()).field("build_flavor", build.flavor()).field("build_type", build.type().displayName());
      page.field("build_hash", build.hash()).field("build_date", build.date()).field("build_snapshot", build.isSnapshot());
      page.field("lucene_version", Version.LATEST.toString());
      page.endObject().field("tagline", "You Know, for Search").endObject();
      channel.sendResponse(new RestResponse(RestStatus.OK, page));
    };
  }
}
