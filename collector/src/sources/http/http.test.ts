import { createHash } from 'node:crypto'
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
    const tokens = await loadTokens(folder, ['a', 'b'])
    expect([token, `${token}x`, ''].map((one) => tokens.sourceOf(one))).toEqual(['a', undefined, undefined])
  })

  it('that are assigned are known by their digest, until others are assigned', async () => {
    const tokens = await loadTokens(folder, ['a'])
    const assigned = createHash('sha256').update('assigned').digest('base64url')
    tokens.assign([{ source: 'b', digest: assigned }])
    expect(tokens.sourceOf('assigned')).toBe('b')
    tokens.assign([])
    expect(tokens.sourceOf('assigned')).toBeUndefined()
    expect(tokens.sourceOf((await readFile(tokenPath(folder, 'a'), 'utf8')).trim())).toBe('a')
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
