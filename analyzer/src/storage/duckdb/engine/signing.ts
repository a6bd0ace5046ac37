import { fields, type FieldValue, type FlatEvent } from '@vonggac/contract'
import { fold, textOf } from '@vonggac/sigma'
import { hourMs, ownColumns } from '../catalogue.ts'
import type { Row } from '../row.ts'
import { keptOf, SignatureBuilder, type Kept } from '../signature.ts'
import type { PlainLine } from './plain-line.ts'

/** Each takes 128 to 192 KiB: events of further datasets, agencies and hours have no signature, and are read whenever their time fits. */
const mostParts = 96

/** The signatures of what is loaded into hot tables that become segments together: by hour, since segments are, and by dataset and agency. */
export class Signing {
  readonly #parts = new Map<string, SignatureBuilder>()
  /** Lines of one part follow each other. */
  #last:
    | {
        readonly hour: number
        readonly dataset: string | null
        readonly agency: string | null
        readonly part: SignatureBuilder | undefined
      }
    | undefined

  /** Where the line that was read last belongs; undefined where it is not signed. */
  partOf({ receivedMs, dataset, agency }: PlainLine): SignatureBuilder | undefined {
    return this.part(Math.floor(receivedMs / hourMs), dataset, agency)
  }

  /** Values of one line, from number to number. */
  static addPlain(part: SignatureBuilder, plain: PlainLine, from: number, to: number, bytes: Buffer): void {
    const { values } = plain
    for (let n = from; n < to; n++) {
      const { field, kept } = plain.nameOf(values.nameAt(n))
      const [start, end] = [values.startAt(n), values.endAt(n)]
      part.addField(field)
      if (part.addJson(bytes, start, end, kept)) continue
      part.addText(fold(JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string), kept)
    }
  }

  /** Any event, with its row for the columns' dataset and agency. */
  addEvent(event: FlatEvent, row: Row): void {
    const text = (column: string) => (typeof row[column] === 'string' ? row[column] : null)
    const part = this.part(Math.floor((row[ownColumns.received] as number) / hourMs), text(fields.dataset), text(fields.agency))
    if (part === undefined) return
    for (const [field, value] of Object.entries(event)) Signing.addValue(part, field, value, keptOf(field))
  }

  static addValue(part: SignatureBuilder, field: string, value: FieldValue, kept: Kept): void {
    part.addField(field)
    for (const each of typeof value === 'object' && value !== null ? value : [value]) {
      const written = textOf(each)
      if (written !== undefined) part.addText(fold(written), kept)
    }
  }

  signatureOf(hour: number, dataset: string | null, agency: string | null): SignatureBuilder | undefined {
    return this.#parts.get(keyOf(hour, dataset, agency))
  }

  /** Undefined where it would be one too many. */
  part(hour: number, dataset: string | null, agency: string | null): SignatureBuilder | undefined {
    const last = this.#last
    if (last?.hour === hour && last.dataset === dataset && last.agency === agency) return last.part
    const key = keyOf(hour, dataset, agency)
    let part = this.#parts.get(key)
    if (part === undefined && this.#parts.size < mostParts) this.#parts.set(key, (part = new SignatureBuilder()))
    this.#last = { hour, dataset, agency, part }
    return part
  }
}

function keyOf(hour: number, dataset: string | null, agency: string | null): string {
  return `${hour}\n${agency}\n${dataset === null ? '' : `=${dataset}`}`
}
