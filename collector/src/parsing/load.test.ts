import { say, type Said } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { ParserMistake, readParser } from './load.ts'

it.each([
  ['is no YAML', 'steps:\n  - [', 2],
  ['has a value of a wrong kind', 'description: Web\ndataset: 7\n', 2],
  ['nests without end', `logsource: {}\nsteps:\n  ${'['.repeat(20_000)}`, 3],
])('a parser that %s is refused with file and line', (_, text, line) => {
  expect(() => readParser('web', text)).toThrow(ParserMistake)
  expect(() => readParser('web', text)).toThrow(new RegExp(`^web/parser\\.yml:${line}: `))
})

const head = 'description: d\ndataset: d\nlogsource: {}\n'
it.each([
  ['a sign is missing', 'description: "d\n', 2, [say('yaml-sign-missing', { reason: 'Missing closing "quote' })]],
  ['the parser does not know', `${head}foo: 1\nsteps: [{ set: { a: 1 } }]\n`, 4, [say('names-unknown', { names: 'foo' })]],
  ['a step does not know', `${head}steps:\n  - json:\n      foo: 1\n`, 6, ['steps[0].json:', say('names-unknown', { names: 'foo' })]],
  ['a step must have', `${head}steps: [{ date: { field: t } }]\n`, 4, ['steps[0].date.formats:', say('value-missing')]],
  ['is no field name', `${head}steps: [{ remove: [a b] }]\n`, 4, ['steps[0].remove[0]:', say('parser-field-form')]],
  [
    'no part divides',
    `${head}steps: [{ dissect: { pattern: a } }]\n`,
    4,
    ['steps[0].dissect:', say('dissect-no-part', { pattern: 'a', part: '%{part}' })],
  ],
] satisfies [string, string, number, Said][])('says by codes what is wrong: %s', (_, text, line, expected) => {
  const said = () => {
    try {
      readParser('p', text)
    } catch (error) {
      return error instanceof ParserMistake ? error.said : error
    }
    return undefined
  }
  expect(said()).toEqual([`p/parser.yml:${line}:`, ...expected])
})
