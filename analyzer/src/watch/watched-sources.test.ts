import { declaredSourceSchema, expectationSchema } from '@vonggac/contract'
import { expect, test } from 'vitest'
import { watchedSources } from './watched-sources.ts'

const source = (id: string, more: object = {}) =>
  declaredSourceSchema.parse({ id, name: { vi: id, en: id }, agency: 'attt', transport: 'http', parsers: ['ecs-json'], ...more })

test('of a source is expected what was said of it: at its registration, in the configuration, or nowhere', () => {
  const registered = { expectation: expectationSchema.parse({ silenceMinutes: 5 }), paused: true }
  const sources = [source('registered'), source('declared', { expectation: { silenceMinutes: 60 } }), source('plain')]
  const watched = watchedSources(sources, (id) => (id === 'registered' ? registered : undefined))
  expect(watched.map(({ id, expectation, paused }) => [id, expectation.silenceMinutes, paused])).toEqual([
    ['registered', 5, true],
    ['declared', 60, false],
    ['plain', 15, false],
  ])
})
