import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { detectParsers } from './detect.ts'
import { loadParsers } from './load.ts'

const parsers = await loadParsers(productParsers)

describe('the parsers that read sampled lines', () => {
  it.each([...parsers.keys()])('begin with %s for its own', (name) => {
    const folder = join(productParsers, name, 'samples')
    for (const file of readdirSync(folder)) {
      const [first] = detectParsers(parsers.values(), readFileSync(join(folder, file)))
      expect([file, first?.parser]).toEqual([file, name])
    }
  })

  it('are none for lines that nobody writes, and count what they read', () => {
    expect(detectParsers(parsers.values(), Buffer.from('xyz\nabc\n'))).toEqual([])
    const line = '198.51.100.23 - - [22/Nov/2026:11:00:00 +0700] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0"\n'
    const found = detectParsers(parsers.values(), Buffer.from(line.repeat(1_200)), ['plain'])
    expect(found.find(({ parser }) => parser === 'nginx')).toEqual({
      parser: 'nginx',
      framing: 'plain',
      lines: 1_000,
      read: 1_000,
      unknown: 0,
      named: 1,
      generic: false,
    })
  })
})
