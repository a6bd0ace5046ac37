import { fields, type FlatEvent } from '@vonggac/contract'

/** The frame as it came: its kept bytes when they are not valid UTF-8, else those of the original line. */
export function bytesOf(event: FlatEvent): Uint8Array {
  const raw = event[fields.rawBytes]
  if (typeof raw === 'string' && raw !== '') {
    try {
      return Uint8Array.from(atob(raw), (character) => character.charCodeAt(0))
    } catch {
      // Not Base64 after all: the original line is the next best.
    }
  }
  const original = event[fields.original]
  return new TextEncoder().encode(typeof original === 'string' ? original : '')
}

/** Offset, sixteen bytes in hexadecimal, the same as ASCII: `00000000  3c 31 33 3e …  <13>…`. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16)
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const ascii = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`)
  }
  return lines.join('\n')
}
