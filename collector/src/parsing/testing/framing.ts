import { extname } from 'node:path'
import type { Framing } from '../event.ts'

/** How the lines of a sample came: `.ndjson` over HTTP, `.journal` as entries of systemd's journal, anything else over syslog. */
export function framingOf(sample: string): Framing {
  const framings: Readonly<Record<string, Framing>> = { '.ndjson': 'plain', '.journal': 'journal' }
  return framings[extname(sample)] ?? 'syslog'
}
