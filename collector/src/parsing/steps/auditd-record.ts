import type { FieldValue } from '@vonggac/contract'
import { mostSenderFields } from '../draft.ts'
import { readSocketAddress } from './auditd-socket.ts'

/** One line of the audit daemon. */
export interface AuditRecord {
  readonly node: string | undefined
  /** In lower case. */
  readonly type: string
  /** Seconds since 1970, a dot, thousandths. */
  readonly time: string
  readonly sequence: string
  /** Its fields, decoded; of `msg='…'` too. */
  readonly data: ReadonlyMap<string, FieldValue>
  /** What the daemon adds behind a group separator (`log_format = ENRICHED`): names for numbers, in lower case. */
  readonly enriched: ReadonlyMap<string, FieldValue>
  /** Of EXECVE: the arguments. */
  readonly args: readonly string[]
  /** Of PROCTITLE: the words of the command line, as far as the kernel keeps it. */
  readonly title: readonly string[]
  readonly hasTooMany: boolean
}

/** `node=web-01 type=EXECVE msg=audit(1795320000.123:456): …` */
const head = /^(?:node=(\S{1,255}) )?type=([A-Z0-9_[\]]{1,64}) msg=audit\((\d{1,11}\.\d{3}):(\d{1,15})\): ?/
const pair = /([A-Za-z][\w-]{0,63}(?:\[\d{1,6}\])?)=(?:"([^"]*)"|'([^']*)'?|([^\s"']*))/g
/** An argument, or a piece of a long one: `a1`, `a1[0]`. `a1_len` says how long it is. */
const argument = /^a(\d{1,6})(?:\[\d+\])?$/
const argumentLength = /^a\d{1,6}_len$/
/** Fields that the kernel writes in hexadecimal digits, without quotes, when they hold a space, a quote or a control character. */
const encoded: ReadonlySet<string> = new Set('acct cmd comm cwd data dir exe file key name ocomm old_name path proctitle watch'.split(' '))
const absent: ReadonlySet<string> = new Set(['', '?', '(null)', '(none)', '{', '}'])

/** `undefined` for a text that is no record. */
export function readRecord(text: string): AuditRecord | undefined {
  const match = head.exec(text)
  if (!match) return undefined
  const [whole, node, type, time, sequence] = match as unknown as [string, string | undefined, string, string, string]
  const reader = new Reader(type)
  const separator = text.indexOf('\u001d', whole.length)
  reader.readData(text.slice(whole.length, separator < 0 ? undefined : separator))
  if (separator >= 0) reader.readEnriched(text.slice(separator + 1))
  return { node, type: type.toLowerCase(), time, sequence, ...reader.read() }
}

class Reader {
  readonly #type: string
  readonly #data = new Map<string, FieldValue>()
  readonly #enriched = new Map<string, FieldValue>()
  readonly #arguments: string[] = []
  #title: readonly string[] = []
  #hasTooMany = false

  constructor(type: string) {
    this.#type = type
  }

  read(): Pick<AuditRecord, 'data' | 'enriched' | 'args' | 'title' | 'hasTooMany'> {
    return {
      data: this.#data,
      enriched: this.#enriched,
      args: Object.values(this.#arguments),
      title: this.#title,
      hasTooMany: this.#hasTooMany,
    }
  }

  readData(text: string): void {
    for (const [, key, double, single, plain] of text.matchAll(pair)) {
      if (this.#isFull()) return
      if (single !== undefined) this.readData(single)
      else if (this.#type === 'EXECVE') this.#addArgument(key!, double, plain)
      else this.#add(key!, double ?? (encoded.has(key!) ? decode(plain!) : plain!))
    }
  }

  readEnriched(text: string): void {
    for (const [, key, double, single, plain] of text.matchAll(pair)) {
      if (this.#isFull()) return
      const value = double ?? single ?? plain!
      if (!absent.has(value)) this.#enriched.set(key!.toLowerCase(), value)
    }
  }

  #isFull(): boolean {
    const isFull = this.#data.size + this.#enriched.size >= mostSenderFields
    this.#hasTooMany ||= isFull
    return isFull
  }

  #addArgument(key: string, double: string | undefined, plain: string | undefined): void {
    const index = argument.exec(key)?.[1]
    if (index === undefined) {
      if (!argumentLength.test(key)) this.#add(key, double ?? plain!)
      return
    }
    const place = Number(index)
    if (place >= mostSenderFields) {
      this.#hasTooMany = true
      return
    }
    const value = double ?? decode(plain!)
    this.#arguments[place] = (this.#arguments[place] ?? '') + value
    this.#data.set(`a${place}`, this.#arguments[place])
  }

  #add(key: string, value: string): void {
    if (absent.has(value)) return
    if (key === 'proctitle') this.#title = value.split('\0').filter((word) => word !== '')
    // Several keys of a rule are joined by the byte 1.
    else if (key === 'key' && value.includes('\u0001')) this.#data.set(key, value.split('\u0001'))
    else this.#data.set(key, value)
    if (key === 'saddr') for (const [name, part] of readSocketAddress(value)) this.#data.set(`socket.${name}`, part)
  }
}

function decode(value: string): string {
  return /^(?:[0-9A-F]{2})+$/.test(value) ? Buffer.from(value, 'hex').toString('utf8') : value
}
