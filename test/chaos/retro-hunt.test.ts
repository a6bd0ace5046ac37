import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../support/retro-hunter.ts', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-retro-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs it until it has printed so many lines, then kills it; the lines that it printed. */
async function runUntil(lines: number, hoursLater: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=vonggac-source', script, folder, String(hoursLater)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (text.split('\n').length > lines) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return text.split('\n').filter(Boolean)
}

it('a run over history that is killed again and again finds everything, and alerts once for each attack', async () => {
  const ends: string[] = []
  for (let round = 0; ends.length === 0 && round < 40; round++) {
    // A little further each time, now in the middle of a scan, now between an alert and the note that its slice is done.
    const lines = await runUntil(1 + round * 3, round)
    ends.push(...lines.filter((line) => line.startsWith('{')))
  }
  expect(ends.map((line) => JSON.parse(line) as object)).toEqual([{ state: 'done', progress: 1, scanned: 4_000, hits: 40, alerts: 40 }])
})
