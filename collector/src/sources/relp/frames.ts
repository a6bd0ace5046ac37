/**
 * The frames of RELP (librelp, doc/relp.html):
 *
 *     TXNR SP COMMAND SP DATALEN [SP DATA] LF
 *
 * `TXNR` and `DATALEN` are up to nine digits, `COMMAND` up to 32 letters; without data there is no second space. It never keeps more than `limit` bytes of data:
 * what is longer is cut there, and its rest skipped.
 */
export interface RelpFrame {
  readonly transaction: number
  readonly command: string
  readonly data: Buffer
  readonly oversize: boolean
}

/** The stream is no RELP, or no longer: nothing behind it can be read. */
export class RelpError extends Error {}

const [LF, SPACE] = [10, 32]
const longestHeader = 9 + 1 + 32 + 1 + 9
const headerPattern = /^(\d{1,9}) ([a-zA-Z]{1,32}) (\d{1,9})$/

export class RelpReader {
  readonly #limit: number
  readonly #take: (frame: RelpFrame) => void
  #header = ''
  /** Of the frame whose data is coming. */
  #frame: { readonly transaction: number; readonly command: string; readonly length: number } | undefined
  #kept: Buffer[] = []
  #come = 0

  constructor(limit: number, take: (frame: RelpFrame) => void) {
    this.#limit = limit
    this.#take = take
  }

  /** @throws RelpError */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.#frame ? this.#readData(chunk, at) : this.#readHeader(chunk, at)
  }

  #readHeader(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      const isThird = byte === SPACE && this.#header.split(' ').length === 3
      if (byte === LF || isThird) {
        this.#begin(this.#header, byte)
        this.#header = ''
        return at + 1
      }
      this.#header += String.fromCharCode(byte)
      if (this.#header.length > longestHeader) throw new RelpError('a frame does not begin with transaction, command and length')
    }
    return chunk.length
  }

  #begin(header: string, end: number): void {
    const match = headerPattern.exec(header)
    if (!match) throw new RelpError(`"${header.slice(0, 60)}" is no beginning of a frame`)
    const [transaction, command, length] = [Number(match[1]), match[2]!, Number(match[3])]
    if (end === LF && length > 0) throw new RelpError(`frame ${transaction} ends before its ${length} bytes`)
    if (end === LF) this.#take({ transaction, command, data: Buffer.alloc(0), oversize: false })
    else this.#frame = { transaction, command, length }
  }

  #readData(chunk: Buffer, from: number): number {
    const { transaction, command, length } = this.#frame!
    const end = Math.min(chunk.length, from + length - this.#come)
    const room = Math.max(0, this.#limit - this.#come)
    if (end > from && room > 0) this.#kept.push(Buffer.from(chunk.subarray(from, Math.min(end, from + room))))
    this.#come += end - from
    if (end === chunk.length) return end
    if (chunk[end] !== LF) throw new RelpError(`frame ${transaction} does not end after its ${length} bytes`)
    const data = this.#kept.length === 1 ? this.#kept[0]! : Buffer.concat(this.#kept)
    this.#frame = undefined
    this.#kept = []
    this.#come = 0
    this.#take({ transaction, command, data, oversize: length > this.#limit })
    return end + 1
  }
}

export function relpFrame(transaction: number, command: string, data = ''): string {
  const length = Buffer.byteLength(data)
  return length === 0 ? `${transaction} ${command} 0\n` : `${transaction} ${command} ${length} ${data}\n`
}
