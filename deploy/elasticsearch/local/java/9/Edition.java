package vonggac.local;

import java.util.Set;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.cluster.block.ClusterBlockException;
import org.elasticsearch.cluster.block.ClusterBlockLevel;
import org.elasticsearch.cluster.metadata.DataStream;
import org.elasticsearch.cluster.metadata.MetadataDataStreamsService;
import org.elasticsearch.cluster.metadata.ProjectId;
import org.elasticsearch.cluster.metadata.ProjectMetadata;
import org.elasticsearch.common.settings.Settings;

/** What version 9 calls by its own names. */
final class Edition {
  static ProjectMetadata metadata(ClusterState state) {
    return state.projectState(ProjectId.DEFAULT).metadata();
  }

  static ClusterBlockException blocked(ClusterState state, ClusterBlockLevel level) {
    return state.blocks().globalBlockedException(ProjectId.DEFAULT, level);
  }

  static ClusterState deleteDataStreams(ClusterState state, Set<DataStream> doomed, Settings settings) {
    return MetadataDataStreamsService.deleteDataStreams(state.projectState(ProjectId.DEFAULT), doomed, settings);
  }
}
