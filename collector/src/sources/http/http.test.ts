import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { frameFlags } from '../../frame.ts'
import { readLines } from './lines.ts'
import { Quarantine, quarantineLimits } from './quarantine.ts'
import { loadTokens, tokenPath } from './tokens.ts'

describe('tokens', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vonggac-tokens-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('are made once, for the owner alone, and tell the source', async () => {
    await loadTokens(folder, ['a', 'b'])
    const path = tokenPath(folder, 'a')
    const token = (await readFile(path, 'utf8')).trim()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const sourceOf = await loadTokens(folder, ['a', 'b'])
    expect([sourceOf(token), sourceOf(`${token}x`), sourceOf('')]).toEqual(['a', undefined, undefined])
  })

  it('that are empty are refused', async () => {
    await loadTokens(folder, ['a'])
    await writeFile(tokenPath(folder, 'a'), '\n')
    await expect(loadTokens(folder, ['a'])).rejects.toThrow(/holds no usable token/)
  })
})

it('reads lines with their numbers and what is wrong with them', () => {
  const body = Buffer.from('{"a":1}\r\n\n{"b":\n"text"\n{"long":"xxxxxxxxxxxxxxxx"}\n{"last":true}')
  const lines = [...readLines(body, 20)]
  expect(lines.map(({ bytes }) => bytes.toString())).toEqual(['{"a":1}', '{"b":', '"text"', '{"long":"xxxxxxxxxxx', '{"last":true}'])
  expect(lines.map(({ flags }) => flags)).toEqual([0, frameFlags.badJson, frameFlags.badJson, frameFlags.oversize, 0])
  expect(lines.map(({ rejected }) => rejected?.line)).toEqual([undefined, 3, 4, 5, undefined])
})

it('keeps no more of unknown senders than its bounds', () => {
  let now = 0
  const quarantine = new Quarantine(() => now)
  const admitted = (size: number) => Array.from({ length: 100 }, () => quarantine.admit(size)).filter(Boolean).length
  expect(admitted(10)).toBe(quarantineLimits.requestsPerMinute)
  now += 60_000
  expect(admitted(quarantineLimits.bytesPerRequest)).toBe(quarantineLimits.bytesPerMinute / quarantineLimits.bytesPerRequest)
})
