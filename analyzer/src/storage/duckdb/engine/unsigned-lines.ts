import type { SignatureBuilder } from '../signature.ts'
import { Turns } from '../turns.ts'
import type { PlainLine } from './plain-line.ts'
import { Signing } from './signing.ts'

/**
 * Lines that are yet to be signed. That is done while DuckDB takes in their rows, on other threads: who waits for both waits for the longer
 * and not for their sum.
 */
export class UnsignedLines {
  readonly #plain: PlainLine
  readonly #parts: (SignatureBuilder | undefined)[] = []
  readonly #bytes: Buffer[] = []
  /** Of each line, the number behind its last value. */
  readonly #ends: number[] = []

  constructor(plain: PlainLine) {
    this.#plain = plain
  }

  add(part: SignatureBuilder | undefined, bytes: Buffer, end: number): void {
    this.#parts.push(part)
    this.#bytes.push(bytes)
    this.#ends.push(end)
  }

  async sign(): Promise<void> {
    const turns = new Turns()
    let from = 0
    for (const [n, to] of this.#ends.entries()) {
      const part = this.#parts[n]
      if (part !== undefined) Signing.addPlain(part, this.#plain, from, to, this.#bytes[n]!)
      from = to
      await turns.next()
    }
  }
}
