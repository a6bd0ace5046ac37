import { existsSync } from 'node:fs'
import { packagesRequired, type RealProgram } from './real-program.ts'

const [upload, remote] = ['upload', 'remote'].map((name) =>
  ['/lib/systemd', '/usr/lib/systemd'].map((folder) => `${folder}/systemd-journal-${name}`).find((path) => existsSync(path)),
)

/** systemd's sender of journals, and its receiver, which writes them. */
export const journalUpload: RealProgram<{ readonly upload: string; readonly remote: string }> = {
  name: 'systemd-journal-upload',
  found: upload !== undefined && remote !== undefined ? { upload, remote } : undefined,
  install: 'apt-get install systemd-journal-remote',
  required: packagesRequired,
}
