import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { checkBackup, restore } from '../backup/restore.ts'

/** What a killed process is known to have done, and may have done. */
interface Known {
  acknowledged: number
  /** Limits of retention: begun, and done. */
  retiring: number
  retired: number
  /** The highest position that a whole back-up must hold. */
  backedUp: number
}

export interface KillRounds {
  /** How often each kind of work was done, and how often a process was killed. */
  readonly done: Readonly<Record<string, number>>
}

/**
 * Kills -9 a process that writes, merges, retires and backs up the same store (upkeep-writer.testing.ts), again and again, and expects of the
 * next one that it finds each acknowledged event once, nothing that retention had taken, nothing damaged, and that the back-up is whole.
 */
export async function killRounds(rounds: number, seed: number): Promise<KillRounds> {
  const root = await mkdtemp(join(tmpdir(), 'vonggac-kills-'))
  const [folder, backup] = [join(root, 'events'), join(root, 'backup')]
  const random = randomFrom(seed)
  const known: Known = { acknowledged: -1, retiring: 0, retired: 0, backedUp: -1 }
  const done: Record<string, number> = {}
  try {
    // The last one tells what the last kill left.
    for (let round = 0; round <= rounds; round++) {
      const lifeMs = round === rounds ? 0 : 100 + random() * 1_400
      await live(known, done, [folder, backup, String(Math.floor(random() * 80))], lifeMs, `round ${round} of seed ${seed}`)
      if (round % 10 === 9 || round === rounds) await expectBackup(backup, root, known.backedUp)
    }
    return { done }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function live(known: Known, done: Record<string, number>, given: readonly string[], lifeMs: number, where: string): Promise<void> {
  const script = fileURLToPath(new URL('./upkeep-writer.testing.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=vonggac-source', script, ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  let rest = ''
  let found: string | undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (!line.startsWith('found ')) note(line, known, done)
      else {
        found = line
        expected = { ...known }
        setTimeout(() => child.kill('SIGKILL'), lifeMs)
      }
    }
  })
  let expected = { ...known }
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect(signal, `${where}: ${errors}`).toBe('SIGKILL')
  const [lowest, highest, count, state, damage] = found!.split(' ').slice(1) as [string, string, string, string, string]
  expect({ state, damage, missing: Number(highest) - Number(lowest) + 1 - Number(count) }, `${where}: ${found}`).toEqual({
    state: 'ready',
    damage: '0',
    missing: Number(count) === 0 ? 1 : 0,
  })
  expect(Number(highest), where).toBeGreaterThanOrEqual(expected.acknowledged)
  expect(Number(lowest), where).toBeGreaterThanOrEqual(Number(count) === 0 ? -1 : expected.retired)
  expect(Number(lowest), where).toBeLessThanOrEqual(Math.max(expected.retiring, expected.retired))
}

function note(line: string, known: Known, done: Record<string, number>): void {
  const [word, value = ''] = line.split(' ') as [string, string?]
  if (word === 'ack') known.acknowledged = Math.max(known.acknowledged, Number(value))
  else if (word === 'retire') known.retiring = Number(value)
  else if (word === 'retired') known.retired = Number(value)
  else if (word === 'backed-up') known.backedUp = Number(value)
  else if (word === 'did') done[value] = (done[value] ?? 0) + 1
}

/** A back-up that was ever whole stays so, whatever was killed while a later one was made. */
async function expectBackup(backup: string, root: string, backedUp: number): Promise<void> {
  if (backedUp < 0 || !existsSync(join(backup, 'backup.json'))) return expect(backedUp).toBe(-1)
  const { list, damage } = await checkBackup(backup, () => undefined)
  expect(damage).toEqual([])
  expect(list.events).toBeGreaterThan(backedUp)
  const into = join(root, 'restored')
  await restore(backup, into, { user: 'test', host: 'test' }, () => undefined)
  const known: Known = { acknowledged: list.events - 1, retiring: Infinity, retired: 0, backedUp: -1 }
  await live(known, {}, [join(into, 'events'), join(root, 'unused'), '0'], 0, 'restored')
  for (const each of [into, join(root, 'unused')]) await rm(each, { recursive: true, force: true })
}

/** mulberry32: numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
