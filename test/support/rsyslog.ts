import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** rsyslogd, where it is installed together with the module, such as `omrelp`; the folder of modules is named after the machine's architecture. */
export function rsyslogWith(module: string): string | undefined {
  const hasModule = readdirSync('/usr/lib').some((name) => existsSync(join('/usr/lib', name, 'rsyslog', `${module}.so`)))
  return hasModule ? ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path)) : undefined
}
