/** The program as a process: what only shows there. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'

const rule = `title: Any
id: 11111111-2222-4333-8444-555555555555
logsource: { product: linux }
detection:
  selection: { a: x }
  condition: selection
`
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigma-main-'))
  await writeFile(join(folder, 'any.yml'), rule)
})
afterAll(() => rm(folder, { recursive: true }))

function start(...args: string[]) {
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions', 'vonggac-source', main, ...args])
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, exit }
}

it('reads the standard input, and gives an exit code', async () => {
  const { child, exit } = start('match', '--json', '--rules', folder, '-')
  let out = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stdin.end(gzipSync('{"a":"y"}\n{"a":"x"}\n{'))
  expect(await exit).toBe(1)
  expect(out).toBe('{"event":1,"rule":"11111111-2222-4333-8444-555555555555"}\n')
})

it('stops quietly when nobody reads on', async () => {
  await writeFile(join(folder, 'many.ndjson'), '{"a":"x"}\n'.repeat(200_000))
  const { child, exit } = start('match', '--rules', folder, join(folder, 'many.ndjson'))
  let err = ''
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  child.stdout.once('data', () => child.stdout.destroy())
  expect(await exit).toBe(0)
  expect(err).not.toContain('EPIPE')
})
