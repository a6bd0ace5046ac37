import type { SourceConfig } from '@vonggac/contract'

type Encoding = Extract<SourceConfig, { transport: 'file' }>['encoding']

export interface FileText {
  /** Bytes of a line end. */
  readonly width: 1 | 2
  readonly decode: (bytes: Buffer) => string
  /** A frame as the journal takes it: UTF-8; bytes that already are stay what they are. */
  readonly toUtf8: (bytes: Buffer) => Buffer
}

/**
 * The text of a file. A mark of byte order at its beginning is no text. Windows-1258 writes tones as characters of their own: they are put
 * together with their vowels, as everybody else writes Vietnamese.
 */
export function textOf(encoding: Encoding): FileText {
  const decoder = new TextDecoder(encoding)
  if (encoding === 'utf-8') return { width: 1, decode: (bytes) => decoder.decode(bytes), toUtf8: withoutMark }
  const decode = (bytes: Buffer) => decoder.decode(bytes).normalize('NFC')
  return { width: encoding === 'utf-16le' ? 2 : 1, decode, toUtf8: (bytes) => Buffer.from(decode(bytes), 'utf8') }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
