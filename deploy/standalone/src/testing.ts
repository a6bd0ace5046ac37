import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that goes away with `dispose`. */
export function temporaryFolder(): { readonly path: string; file(name: string, text: string): string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'vonggac-standalone-'))
  return {
    path,
    file(name, text) {
      writeFileSync(join(path, name), text)
      return join(path, name)
    },
    dispose: () => rmSync(path, { recursive: true, force: true }),
  }
}
