import java.util.Map;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.PluginsLoader;

final class PluginFolders {
  static PluginsLoader load(Environment environment) {
    var modules = PluginsLoader.loadModulesBundles(environment.modulesDir());
    var plugins = PluginsLoader.loadPluginsBundles(environment.pluginsDir());
    return PluginsLoader.createPluginsLoader(modules, plugins, Map.of(), false);
  }
}
