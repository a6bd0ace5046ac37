/**
 * Measures the three-byte windows of events and prints the module `rules/sigma/src/match/default-windows.ts`, from which the Sigma
 * matcher begins before it has seen events of a log source.
 *
 *     node --import tsx --conditions=vonggac-source test/benchmark/sigma-default-windows.ts FOLDER…
 *
 * Each folder counts as much as each other: all events below it (*.ndjson, also gzip, and recorded Windows events in *.json) together.
 */
import { readFileSync } from 'node:fs'
import { flatten, fold, readEvent } from '@vonggac/sigma'
import { byteClass, classCharacters } from '../../rules/sigma/src/match/bytes.ts'
import { filesUnder, readEvents } from '../support/sigma-corpus.ts'
import { readRecords, windowsEvent } from '../support/windows-record.ts'

/** Rarer windows are not written down. */
const rarest = 1 / 64

function eventsBelow(folder: string): ReturnType<typeof readEvent>[] {
  const generated = filesUnder(folder, /\.ndjson(\.gz)?$/).flatMap((file) =>
    new TextDecoder().decode(readEvents(file)).split('\n').filter(Boolean).map(readEvent),
  )
  const recorded = filesUnder(folder, /\.json$/).flatMap((file) =>
    readRecords(readFileSync(file, 'utf8')).map((record) => flatten(windowsEvent(record))),
  )
  return [...generated, ...recorded]
}

const shares = new Map<number, number>()
const folders = process.argv.slice(2)
for (const folder of folders) {
  const events = eventsBelow(folder)
  for (const event of events) {
    for (const value of Object.values(event).flat()) {
      if (typeof value !== 'string') continue
      const bytes = new TextEncoder().encode(fold(value))
      for (let at = 2; at < bytes.length; at++) {
        const window = (byteClass[bytes[at - 2]!]! << 12) | (byteClass[bytes[at - 1]!]! << 6) | byteClass[bytes[at]!]!
        shares.set(window, (shares.get(window) ?? 0) + 1 / events.length / folders.length)
      }
    }
  }
}

const levels = new Map<number, string[]>()
for (const [window, share] of [...shares].sort(([a], [b]) => a - b)) {
  const written = [window >> 12, (window >> 6) & 63, window & 63].map((one) => classCharacters[one]).join('')
  if (share < rarest || written.length < 3) continue
  const level = Math.max(0, Math.round(-Math.log2(share)))
  levels.set(level, [...(levels.get(level) ?? []), written])
}
const lines = [...levels].sort(([a], [b]) => a - b).map(([, windows]) => `  ${JSON.stringify(windows.join(''))},`)
console.log(`/**
 * The commonest windows of log events: entry i holds those that occur about 2^-i times an event (0: at least once), each written as three
 * characters. Made by test/benchmark/sigma-default-windows.ts.
 */
export const defaultWindows: readonly string[] = [
${lines.join('\n')}
]`)
