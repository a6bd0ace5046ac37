package vonggac.local;

import java.util.Set;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.cluster.block.ClusterBlockException;
import org.elasticsearch.cluster.block.ClusterBlockLevel;
import org.elasticsearch.cluster.metadata.DataStream;
import org.elasticsearch.cluster.metadata.Metadata;
import org.elasticsearch.cluster.metadata.MetadataDataStreamsService;
import org.elasticsearch.common.settings.Settings;

/** What version 8 calls by its own names. */
final class Edition {
  static Metadata metadata(ClusterState state) {
    return state.metadata();
  }

  static ClusterBlockException blocked(ClusterState state, ClusterBlockLevel level) {
    return state.blocks().globalBlockedException(level);
  }

  static ClusterState deleteDataStreams(ClusterState state, Set<DataStream> doomed, Settings settings) {
    return MetadataDataStreamsService.deleteDataStreams(state, doomed, settings);
  }
}
