import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { RunningProgram } from './running-program.ts'

/** Where the unpacked packages hold what would stand below / once installed. */
function placesIn(home: string) {
  const folders = (parent: string, name: RegExp) =>
    readdirSync(join(home, parent))
      .filter((entry) => name.test(entry))
      .map((entry) => join(home, parent, entry))
  const modules = folders('usr/lib/syslog-ng', /^\d/)
  const libraries = [...['lib', 'usr/lib'].flatMap((parent) => folders(parent, /-linux-gnu/)), join(home, 'usr/lib/syslog-ng'), ...modules]
  const version = /\d+\.\d+$/.exec(modules[0]!)![0]
  return { version, modules: modules.join(':'), libraries: libraries.join(':'), includes: join(home, 'usr/share/syslog-ng/include') }
}

/** What stands before every configuration: its version, and the library of drivers. */
export function syslogNgPreamble(home: string): string {
  const { version, includes } = placesIn(home)
  return `@version: ${version}\n@define scl-root "${includes}/scl"\n@include "${includes}/scl/*/*.conf"\n`
}

/** syslog-ng with everything of its own in `folder`. */
export function startSyslogNg(home: string, config: string, folder: string): RunningProgram {
  const { modules, libraries } = placesIn(home)
  const own = { '--persist-file': 'persist', '--control': 'control', '--pidfile': 'pid' }
  const places = Object.entries(own).map(([option, name]) => `${option}=${join(folder, name)}`)
  const options = ['--foreground', '--stderr', '--no-caps', `--module-path=${modules}`, `--cfgfile=${config}`, ...places]
  return RunningProgram.start(join(home, 'usr/sbin/syslog-ng'), options, { LD_LIBRARY_PATH: libraries })
}
