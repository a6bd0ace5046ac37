/**
 * How often things occur in the events of a log source: of three-byte windows, to choose the windows by which a text is looked for,
 * and of atoms, to choose the conjunct by which a rule is looked for.
 */
import { byteClass } from './bytes.ts'
import { defaultWindows } from './default-windows.ts'
import type { EventView } from './event-view.ts'
import { contains, equals, presence, type Atoms } from './predicates.ts'

/** Windows are three byte classes of six bits. */
export const windowCount = 1 << 18

export interface Frequencies {
  /** Occurrences of each window an event. */
  readonly windows: Float32Array
  /** The probability, at least, that an event of the log source has the atom. */
  ofAtom(atom: number): number
}

/** Adds an event's windows to the counts. */
export function countWindows(view: EventView, counts: Float32Array): void {
  const { scratch, indexedLength } = view
  let window = 0
  for (let at = 0; at < indexedLength; at++) {
    window = ((window << 6) | byteClass[scratch[at]!]!) & (windowCount - 1)
    counts[window]!++
  }
}

/** What is assumed of texts of one and of two bytes. */
const ofShort = [0.6, 0.2]

/** What is assumed of an atom before anything is known of the log source. */
function assumedFrequency(atoms: Atoms, atom: number, windows: Float32Array): number {
  const kind = atoms.kind[atom]!
  if (kind === presence) return 0.5
  const start = atoms.texts.start[atom]!
  const end = start + atoms.texts.length[atom]!
  let rarest = 1
  let window = 0
  for (let at = start; at < end; at++) {
    window = ((window << 6) | byteClass[atoms.texts.bytes[at]!]!) & (windowCount - 1)
    if (at >= start + 2) rarest = Math.min(rarest, windows[window]!)
  }
  const length = end - start
  const somewhere = length === 0 ? 0.01 : (ofShort[length - 1] ?? Math.max(Math.min(rarest, 1) * 0.5, 0.02 / length))
  return kind === contains ? somewhere : somewhere * (kind === equals ? 0.3 : 0.5)
}

function windowOf(written: string, at: number): number {
  const classAt = (place: number) => byteClass[written.charCodeAt(place)]!
  return (classAt(at) << 12) | (classAt(at + 1) << 6) | classAt(at + 2)
}

let shippedWindows: Float32Array | undefined

function defaultFrequencies(): Float32Array {
  if (shippedWindows !== undefined) return shippedWindows
  shippedWindows = new Float32Array(windowCount)
  for (const [level, written] of defaultWindows.entries()) {
    for (let at = 0; at < written.length; at += 3) shippedWindows[windowOf(written, at)] = 2 ** -level
  }
  return shippedWindows
}

/** What is assumed of a log source of which no event was seen. */
export function assumedFrequencies(atoms: Atoms): Frequencies {
  const windows = defaultFrequencies()
  return { windows, ofAtom: remember(atoms, (atom) => assumedFrequency(atoms, atom, windows)) }
}

/** The function with its answers kept. */
export function remember(atoms: Atoms, frequencyOf: (atom: number) => number): (atom: number) => number {
  const known = new Float32Array(atoms.kind.length).fill(-1)
  return (atom) => {
    if (known[atom]! < 0) known[atom] = frequencyOf(atom)
    return known[atom]!
  }
}
