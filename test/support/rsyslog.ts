import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packagesRequired, type RealProgram } from './real-program.ts'
import { RunningProgram } from './running-program.ts'

/** rsyslogd, where it is installed together with the modules, such as `omrelp`; their folder is named after the machine's architecture. */
export function rsyslogWith(...modules: readonly string[]): string | undefined {
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'rsyslog'))
  const has = (module: string) => folders.some((folder) => existsSync(join(folder, `${module}.so`)))
  return modules.every(has) ? ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path)) : undefined
}

/** The packages of Debian, by the modules that they bring. */
const packages = { omrelp: 'rsyslog-relp', omelasticsearch: 'rsyslog-elasticsearch', lmnsd_gtls: 'rsyslog-gnutls' } as const

export function rsyslog(...modules: readonly (keyof typeof packages)[]): RealProgram<string> {
  return {
    name: ['rsyslog', ...modules].join(' with '),
    found: rsyslogWith(...modules),
    install: `apt-get install rsyslog ${modules.map((module) => packages[module]).join(' ')}`.trim(),
    required: packagesRequired,
  }
}

/** rsyslogd with what it remembers in `folder`. */
export async function startRsyslog(program: string, folder: string, config: string): Promise<RunningProgram> {
  const file = join(folder, 'rsyslog.conf')
  await writeFile(file, `global(workDirectory="${folder}")\n${config}`)
  return RunningProgram.start(program, ['-n', '-f', file, '-i', join(folder, 'rsyslog.pid')])
}
