import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flatEvent, type FlatEvent } from '@vonggac/contract'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { loadParsers } from './load.ts'
import { parseLines } from './parse-lines.ts'
import { listOf, mistakesOf } from './testing/ecs.ts'
import { framingOf } from './testing/framing.ts'

/**
 * Every event that a shipped parser is expected to make speaks ECS: a field below one of its field sets exists there and holds a value of its
 * type, and the categorization uses the values and pairs that ECS allows. Fields of a vendor stand below a name of their own. That also
 * holds for what becomes of lines that are cut, mixed up or forged: a sender must not be able to break the types of the store.
 */
/** Parsers of any sender's events: what fields and categories they have is the sender's affair, and one passes on names as they come. */
const generic = ['cef', 'ecs-json', 'gelf', 'json', 'key-value', 'leef', 'otlp']
const passing = ['ecs-json']

const files = readdirSync(productParsers)
  .filter((name) => !passing.includes(name))
  .flatMap((name) => {
    const folder = join(productParsers, name, 'expected')
    return existsSync(folder)
      ? readdirSync(folder).map((file) => [`${name}/${file}`, join(folder, file), generic.includes(name)] as const)
      : []
  })

describe.each(files)('%s', (_, file, ofAnySender) => {
  it('speaks ECS', () => {
    const events = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FlatEvent)
    const mistakes = events.flatMap((event) =>
      mistakesOf(event).map((mistake) => `${mistake} — ${String(event['event.original']).slice(0, 120)}`),
    )
    expect(mistakes).toEqual([])
    if (ofAnySender) return
    const ordinary = events.filter((event) => event['event.kind'] !== 'pipeline_error')
    const plain = ordinary.filter((event) => !event['event.category'] && !listOf(event['tags']).includes('unknown-message'))
    expect(plain.map((event) => event['event.original'])).toEqual([])
  })
})

/** More lines while a parser is written: VONGGAC_FUZZ_RUNS=5000; and others: VONGGAC_SEED=2. */
const numRuns = Number(process.env['VONGGAC_FUZZ_RUNS'] ?? 200)

const parsers = [...(await loadParsers(productParsers)).values()].filter(({ name }) => !passing.includes(name))

describe.each(parsers.map((parser) => [parser.name, parser] as const))(
  '%s, of lines that are cut and mixed up',
  { timeout: 300_000 },
  (name, parser) => {
    const folder = join(productParsers, name, 'samples')
    const files = existsSync(folder) ? readdirSync(folder) : []

    it.each(files)('%s makes sound events', (file) => {
      const framing = framingOf(file)
      const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
      const mark = parser.definition.file.heading?.mark
      const heading = lines.filter((one) => mark !== undefined && one.startsWith(mark)).join('\n')
      const line = fc.constantFrom(...lines)
      const junk = fc.constantFrom('', '"', '|', ',', '=', '-', ' ', '[', '0', '99999999999999999999', 'x', '::', '\\', '{}', 'null')
      const cut = fc.tuple(line, fc.double({ min: 0, max: 1, noNaN: true }), junk, line, fc.double({ min: 0, max: 1, noNaN: true }))
      const forged = cut.map(([first, end, middle, second, start]) => {
        return first.slice(0, Math.round(first.length * end)) + middle + second.slice(Math.round(second.length * start))
      })
      const swapped = fc.tuple(line, fc.nat(), junk).map(([text, place, other]) => {
        const words = text.split(/([\s,;|"=:]+)/)
        words[(place % Math.ceil(words.length / 2)) * 2] = other
        return words.join('')
      })
      const retyped = fc
        .tuple(line, fc.nat(), fc.constantFrom('null', '"x"', '""', '7', '-1.5', 'true', '[]', '["a","b"]', '{"a":1}'))
        .map(([text, place, other]) => {
          const values = text.split(/(?<=":)("(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false)/)
          values[(place % Math.max(1, Math.floor(values.length / 2))) * 2 + 1] = other
          return values.join('')
        })
      fc.assert(
        fc.property(
          fc.oneof(forged, swapped, ...(framing === 'syslog' ? [] : [retyped])),
          fc.array(line, { maxLength: 5 }),
          (text, others) => {
            for (const event of parseLines(parser, Buffer.from(framing === 'file' ? [heading, text, ...others].join('\n') : text), {
              framing,
            })) {
              expect(flatEvent.safeParse(event).success).toBe(true)
              // A number or a list where ECS has a text harms no store.
              expect(mistakesOf(event).filter((mistake) => !/ is (?:no text|a list|no list)/.test(mistake))).toEqual([])
            }
          },
        ),
        { numRuns },
      )
    })
  },
)
