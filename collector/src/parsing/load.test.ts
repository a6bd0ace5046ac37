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
