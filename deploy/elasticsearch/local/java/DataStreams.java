package vonggac.local;

import java.util.List;
import java.util.stream.Collectors;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.admin.cluster.state.ClusterStateRequest;
import org.elasticsearch.action.admin.cluster.state.ClusterStateResponse;
import org.elasticsearch.action.admin.indices.create.AutoCreateAction;
import org.elasticsearch.action.admin.indices.create.CreateIndexRequest;
import org.elasticsearch.action.datastreams.DeleteDataStreamAction;
import org.elasticsearch.action.support.ActionFilters;
import org.elasticsearch.action.support.master.AcknowledgedResponse;
import org.elasticsearch.action.support.master.AcknowledgedTransportMasterNodeAction;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.cluster.ClusterStateUpdateTask;
import org.elasticsearch.cluster.block.ClusterBlockException;
import org.elasticsearch.cluster.block.ClusterBlockLevel;
import org.elasticsearch.cluster.metadata.DataStream;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.index.Index;
import org.elasticsearch.injection.guice.Inject;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.rest.action.RestActionListener;
import org.elasticsearch.rest.action.RestToXContentListener;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.TransportService;
import org.elasticsearch.xcontent.XContentBuilder;

/** /_data_stream: list (names, generation and backing indices only), create, delete. Nothing rolls over or deletes by itself. */
final class DataStreams {
  private static final TimeValue PATIENCE = TimeValue.timeValueSeconds(30);

  private static List<DataStream> matching(ClusterState state, String... patterns) {
    var all = Edition.metadata(state).dataStreams().values();
    return all.stream().filter(stream -> Regex.simpleMatch(patterns, stream.getName())).toList();
  }

  static final class Pages extends BaseRestHandler {
    @Override
    public String getName() {
      return "local_data_streams";
    }

    @Override
    public List<Route> routes() {
      String named = "/_data_stream/{name}";
      return List.of(new Route(RestRequest.Method.GET, "/_data_stream"), new Route(RestRequest.Method.GET, named),
          new Route(RestRequest.Method.PUT, named), new Route(RestRequest.Method.DELETE, named));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      String name = request.param("name", "*");
      String[] names = name.split(",");
      request.param("expand_wildcards");
      return switch (request.method()) {
        case PUT -> channel -> client.execute(AutoCreateAction.INSTANCE, new CreateIndexRequest(name), new RestToXContentListener<>(channel));
        case DELETE -> channel ->
            client.execute(DeleteDataStreamAction.INSTANCE, new DeleteDataStreamAction.Request(PATIENCE, names), new RestToXContentListener<>(channel));
        default -> channel -> client.admin().cluster().state(new ClusterStateRequest(PATIENCE), new RestActionListener<>(channel) {
          @Override
          protected void processResponse(ClusterStateResponse response) throws Exception {
            XContentBuilder page = channel.newBuilder().startObject().startArray("data_streams");
            for (DataStream stream : matching(response.getState(), names)) {
              page.startObject().field("name", stream.getName()).field("generation", stream.getGeneration()).startArray("indices");
              for (Index index : stream.getIndices()) {
                page.startObject().field("index_name", index.getName()).field("index_uuid", index.getUUID()).endObject();
              }
              page.endArray().endObject();
            }
            channel.sendResponse(new RestResponse(RestStatus.OK, page.endArray().endObject()));
          }
        });
      };
    }
  }

  public static final class Delete extends AcknowledgedTransportMasterNodeAction<DeleteDataStreamAction.Request> {
    private final ClusterService cluster;

    @Inject
    public Delete(TransportService transport, ClusterService cluster, ThreadPool threads, ActionFilters filters) {
      super(DeleteDataStreamAction.NAME, transport, cluster, threads, filters, DeleteDataStreamAction.Request::new, threads.generic());
      this.cluster = cluster;
    }

    @Override
    protected ClusterBlockException checkBlock(DeleteDataStreamAction.Request request, ClusterState state) {
      return Edition.blocked(state, ClusterBlockLevel.METADATA_WRITE);
    }

    @Override
    protected void masterOperation(Task task, DeleteDataStreamAction.Request request, ClusterState seen, ActionListener<AcknowledgedResponse> listener) {
      cluster.submitUnbatchedStateUpdateTask("delete-data-stream", new ClusterStateUpdateTask() {
        @Override
        public ClusterState execute(ClusterState state) {
          var doomed = matching(state, request.getNames()).stream().collect(Collectors.toSet());
          if (doomed.isEmpty()) return state;
          return Edition.deleteDataStreams(state, doomed, cluster.getSettings());
        }

        @Override
        public void clusterStateProcessed(ClusterState before, ClusterState after) {
          listener.onResponse(AcknowledgedResponse.TRUE);
        }

        @Override
        public void onFailure(Exception error) {
          listener.onFailure(error);
        }
      });
    }
  }
}
