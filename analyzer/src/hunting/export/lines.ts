import type { FlatEvent } from '@vonggac/contract'

const newline = 0x0a

/** The lines of a chunk of whole NDJSON lines. */
export function* linesOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < chunk.length;) {
    const found = chunk.indexOf(newline, start)
    const end = found < 0 ? chunk.length : found
    if (end > start) yield chunk.subarray(start, end)
    start = end + 1
  }
}

const decoder = new TextDecoder()

export function eventIn(line: Uint8Array): FlatEvent {
  return JSON.parse(decoder.decode(line)) as FlatEvent
}
