package vonggac.local;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.action.datastreams.DeleteDataStreamAction;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.RestHandler;

/**
 * Stands in for modules of the distribution that are not published as jars: the root page, data streams, three parts of text analysis
 * that the security index asks for, and two field types.
 */
public final class StandInPlugin extends Plugin implements ActionPlugin, AnalysisPlugin, MapperPlugin {
  @Override
  public Collection<ActionHandler> getActions() {
    return List.of(new ActionHandler(DeleteDataStreamAction.INSTANCE, DataStreams.Delete.class));
  }

  @Override
  public Collection<RestHandler> getRestHandlers(RestHandlersServices services, Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features) {
    return List.of(new RootPage(services.settings(), nodes), new DataStreams.Pages());
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return FieldTypes.STAND_INS;
  }

  @Override
  public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
    return Map.of("uax_url_email", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, UAX29URLEmailTokenizer::new));
  }

  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
        "unique", (index, environment, name, settings) -> new AbstractTokenFilterFactory(name) {
          @Override
          public TokenStream create(TokenStream input) {
            return new RemoveDuplicatesTokenFilter(input);
          }
        },
        "pattern_capture", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
          Pattern[] patterns = settings.getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
          boolean original = settings.getAsBoolean("preserve_original", true);
          return new AbstractTokenFilterFactory(name) {
            @Override
            public TokenStream create(TokenStream input) {
              return new PatternCaptureGroupTokenFilter(input, original, patterns);
            }
          };
        }));
  }
}
