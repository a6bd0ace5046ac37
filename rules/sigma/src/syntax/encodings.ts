/** The modifiers that say how a string was encoded or typed: base64, UTF-16, Windows dashes. */
import type { TextValue } from './document.ts'
import { ValueProblem } from './problem.ts'
import { isPlaceholder, joinParts, literalText, type TextPart } from './text.ts'

export function base64(text: TextValue): TextValue {
  return encoded(text, btoa(bytesOf(text)))
}

/**
 * A string inside base64 looks different at each of the three byte offsets; of each the characters that do not depend on what
 * stands before and after are kept. Counted in bytes, so it is right for other than ASCII too.
 */
export function base64Offset(text: TextValue): TextValue[] {
  const bytes = bytesOf(text)
  return [0, 1, 2].map((offset) => {
    const firstStable = Math.ceil((offset * 8) / 6)
    const lastStable = Math.floor(((offset + bytes.length) * 8) / 6)
    return encoded(text, btoa('\0'.repeat(offset) + bytes).slice(firstStable, lastStable))
  })
}

function encoded(text: TextValue, value: string): TextValue {
  return { kind: 'text', parts: [value], ...(text.cased ? { cased: true } : {}) }
}

/** The value as a string of one character a byte, UTF-8 unless a modifier chose UTF-16. */
function bytesOf(text: TextValue): string {
  const literal = literalText(text.parts)
  if (literal === undefined) {
    const suggestion = 'Write \\* or \\? for the character itself.'
    throw new ValueProblem('base64-wildcard', 'A value with wildcards or placeholders cannot be encoded as base64.', suggestion)
  }
  if (literal === '') throw new ValueProblem('base64-empty', 'An empty value cannot be searched as base64.')
  return text.bytes ? literal : byteString(new TextEncoder().encode(literal))
}

function byteString(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

export type Utf16 = 'utf16le' | 'utf16be' | 'utf16'

/** The string as the bytes of UTF-16, one character a byte; `utf16` starts with the little-endian byte order mark. */
export function utf16(text: TextValue, encoding: Utf16): TextValue {
  const parts: TextPart[] = encoding === 'utf16' ? ['\u00ff\u00fe'] : []
  for (const part of text.parts) {
    if (isPlaceholder(part)) throw new ValueProblem('encoding-placeholder', 'A placeholder cannot be encoded as UTF-16.')
    parts.push(typeof part === 'string' ? utf16Bytes(part, encoding === 'utf16be') : part)
  }
  return { ...text, parts: joinParts(parts), bytes: true }
}

function utf16Bytes(text: string, bigEndian: boolean): string {
  let bytes = ''
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const [high, low] = [String.fromCharCode(unit >> 8), String.fromCharCode(unit & 0xff)]
    bytes += bigEndian ? high + low : low + high
  }
  return bytes
}

/** Windows takes these for the same in front of an option: hyphen, slash, en dash, em dash, horizontal bar. */
const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'] as const
/** An option's dash: not after a letter, digit or underscore of any script, before one. */
const dashSite = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/u
const mostDashVariants = 3125

/** Every combination of dashes at every site of the value. */
export function windash(text: TextValue): TextValue[] {
  let variants: TextPart[][] = [[]]
  for (const part of text.parts) {
    const pieces = typeof part === 'string' ? part.split(dashSite) : [part]
    pieces.forEach((piece, index) => {
      if (index > 0) variants = variants.flatMap((variant) => dashes.map((dash): TextPart[] => [...variant, dash]))
      if (variants.length > mostDashVariants)
        throw new ValueProblem('windash-too-many', `This value has so many dashes that over ${mostDashVariants} variants would be needed.`)
      for (const variant of variants) variant.push(piece)
    })
  }
  return variants.map((parts) => ({ ...text, parts: joinParts(parts) }))
}
