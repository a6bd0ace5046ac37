import { extname } from 'node:path'
import type { Coming } from '../parse-lines.ts'

/** How the lines of a sample came: `.ndjson` over HTTP, `.journal` as entries of systemd's journal, `.file` in a file that is followed, anything else over syslog. */
export function framingOf(sample: string): Coming {
  const framings: Readonly<Record<string, Coming>> = { '.ndjson': 'plain', '.journal': 'journal', '.file': 'file' }
  return framings[extname(sample)] ?? 'syslog'
}
