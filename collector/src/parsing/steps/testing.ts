import { Fields } from '../../fields.ts'
import type { Draft } from '../draft.ts'
import { readParser } from '../load.ts'

/** A draft whose message came on 22 November 2026 at 04:00 UTC. */
export function draftOf(message: string, more: Readonly<Record<string, string>> = {}): Draft {
  return {
    fields: new Fields([...Object.entries(more), ['message', message]]),
    timeMs: undefined,
    receivedMs: Date.parse('2026-11-22T04:00:00Z'),
    timeZone: 'UTC',
  }
}

/** Runs the steps of a parser, written as YAML, on a message. `undefined`: the parser does not read it. */
export function run(steps: string, message: string, more: Readonly<Record<string, string>> = {}): Record<string, unknown> | undefined {
  const indented = steps.trim().replaceAll('\n', '\n  ')
  const own = draftOf(message, more)
  const parser = readParser('test', `description: d\ndataset: d\nlogsource: {}\nsteps:\n  ${indented}\n`)
  return parser.run(own)
    ? { ...Object.fromEntries(own.fields), ...(own.timeMs === undefined ? {} : { time: new Date(own.timeMs).toISOString() }) }
    : undefined
}
