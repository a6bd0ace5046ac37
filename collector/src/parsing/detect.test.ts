import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { detectParsers } from './detect.ts'
import { loadParsers } from './load.ts'

const parsers = await loadParsers(productParsers)
/** Formats that others have too: Apache's combined log is nginx', ModSecurity writes among Apache's errors, ECS and OTLP are JSON. */
const alike = new Set(['ecs-json', 'json', 'key-value', 'journald', 'otlp', 'gelf', 'nginx', 'cef', 'leef'])

describe('the parsers that read sampled lines', () => {
  const products = [...parsers.keys()].filter((name) => !alike.has(name) && existsSync(join(productParsers, name, 'samples')))

  it.each(products)('begin with %s for its own', (name) => {
    const folder = join(productParsers, name, 'samples')
    for (const file of readdirSync(folder)) {
      const [first] = detectParsers(parsers.values(), readFileSync(join(folder, file)))
      expect(first?.parser).toBe(name)
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
      generic: false,
    })
  })
})
