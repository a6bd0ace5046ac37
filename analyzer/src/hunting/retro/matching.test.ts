import { fields, formatEventId } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { rulesFrom } from '../../detection/testing.ts'
import { ThreadedMatching } from './matching.ts'

const rule = (word: string, id: string) => `
title: Finds ${word}
id: ${id}
logsource: { category: webserver }
detection: { selection: { message|contains: ${word} }, condition: selection }
level: low
vonggac: { group_by: [source.ip] }
`
const { detections: one } = rulesFrom(rule('one', '11111111-1111-4111-8111-111111111111'))
const { detections: two } = rulesFrom(rule('two', '22222222-2222-4222-8222-222222222222'))
const at = Date.UTC(2026, 10, 22, 3)
const idOf = (position: number) => formatEventId(at, 'c1', position)
const chunkOf = (...messages: readonly string[]) => {
  const lines = messages.map((message, position) =>
    JSON.stringify({
      [fields.timestamp]: new Date(at).toISOString(),
      [fields.id]: idOf(position),
      [fields.agency]: 'congdan',
      [fields.source]: 'portal',
      'source.ip': '203.0.113.7',
      message,
    }),
  )
  return Buffer.from(`${lines.join('\n')}\n`)
}

const matching = new ThreadedMatching()
afterEach(() => matching.rest())

it('matches several lists of rules in its thread, each chunk with its own', async () => {
  const chunks = [chunkOf('one', 'two'), chunkOf('one'), chunkOf('one', 'two', 'one two')] as const
  const [first, second, third] = await Promise.all([
    matching.find(one, chunks[0]),
    matching.find(two, chunks[1]),
    matching.find(two, chunks[2]),
  ])
  expect(first.events).toEqual(new Map([[0, [idOf(0)]]]))
  expect(first.groups.get('c1')).toMatchObject([{ rule: 0, agency: 'congdan', group: { 'source.ip': '203.0.113.7' }, hits: [{ at }] }])
  expect(second.events.size).toBe(0)
  expect(third.events).toEqual(new Map([[0, [idOf(1), idOf(2)]]]))
})

it('ends what is under way when it is told to rest, and starts anew when it is asked again', async () => {
  const asked = matching.find(one, chunkOf('one')).catch((error: unknown) => error)
  await matching.rest()
  expect(await asked).toMatchObject({ code: 'busy' })
  expect((await matching.find(one, chunkOf('one'))).events.size).toBe(1)
})

it('tells what the thread could not do, and goes on with another', async () => {
  const broken = [{ ...one[0]!, groupBy: undefined as never }]
  await expect(matching.find(broken, chunkOf('one'))).rejects.toMatchObject({ code: 'internal' })
  expect((await matching.find(two, chunkOf('two'))).events.size).toBe(1)
})
