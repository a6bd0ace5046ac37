import java.util.Map;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.PluginsLoader;

final class PluginFolders {
  static PluginsLoader load(Environment environment) {
    // The forms with a flag: the short ones ask for the module layers of a distribution.
    var modules = PluginsLoader.loadModulesBundles(environment.modulesDir(), false);
    var plugins = PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false);
    return PluginsLoader.createPluginsLoader(modules, plugins, Map.of(), false);
  }
}
