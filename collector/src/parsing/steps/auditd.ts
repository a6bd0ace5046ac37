import type { FieldValue } from '@vonggac/contract'
import type { Fields } from '../../fields.ts'
import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'

/** `node=web-01 type=EXECVE msg=audit(1795320000.123:456): …` */
const head = /^(?:node=(\S{1,255}) )?type=([A-Z0-9_[\]]{1,64}) msg=audit\((\d{1,11}\.\d{3}):(\d{1,15})\): ?/
const pair = /([A-Za-z][\w-]{0,63}(?:\[\d{1,6}\])?)=(?:"([^"]*)"|'([^']*)'?|([^\s"']*))/g
/** An argument, or a piece of a long one: `a1`, `a1[0]`. `a1_len` says how long it is. */
const argument = /^a(\d{1,6})(?:\[\d+\])?$/
const argumentLength = /^a\d{1,6}_len$/
/** Fields that the kernel writes in hexadecimal digits, without quotes, when they hold a space, a quote or a control character. */
const encoded: ReadonlySet<string> = new Set('acct cmd comm cwd data dir exe file key name ocomm old_name path proctitle watch'.split(' '))
const absent: ReadonlySet<string> = new Set(['', '?', '(null)', '(none)'])

/**
 * A record of Linux' audit daemon (auditd, audisp): one line of an audit event, whose lines share `auditd.sequence`. `auditd.message_type` is its type
 * in lower case, `auditd.data.` has the fields, decoded; those within `msg='…'` too. What the daemon adds behind a group separator
 * (`log_format = ENRICHED`: names for numbers) stands below `auditd.enriched.`, in lower case. The command line of EXECVE and PROCTITLE
 * becomes `process.args` and `process.command_line`. The time of the event is that of the record. The text stays.
 */
export function auditd(field: string): Step {
  return (draft) => {
    const text = draft.fields.get(field)
    const match = typeof text === 'string' ? head.exec(text) : null
    if (!match) return false
    const [whole, node, type, seconds, sequence] = match as unknown as [string, string | undefined, string, string, string]
    draft.timeMs = Math.floor(Number(seconds) * 1000 + 0.001)
    if (node !== undefined) draft.fields.set('host.name', node)
    draft.fields.set('auditd.message_type', type.toLowerCase())
    draft.fields.set('auditd.sequence', Number(sequence))
    const body = (text as string).slice(whole.length)
    const separator = body.indexOf('\u001d')
    const record = new RecordFields(type)
    record.read(separator < 0 ? body : body.slice(0, separator), 'auditd.data.')
    if (separator >= 0) record.read(body.slice(separator + 1), 'auditd.enriched.')
    record.addTo(draft.fields)
    return true
  }
}

class RecordFields {
  readonly #type: string
  readonly #values = new Map<string, FieldValue>()
  readonly #arguments: string[] = []
  #tooMany = false

  constructor(type: string) {
    this.#type = type
  }

  read(text: string, prefix: string): void {
    for (const [, key, double, single, plain] of text.matchAll(pair)) {
      if (this.#values.size + this.#arguments.length >= mostSenderFields) {
        this.#tooMany = true
        return
      }
      if (single !== undefined) this.read(single, prefix)
      else if (this.#type === 'EXECVE' && prefix === 'auditd.data.') this.#addArgument(key!, double, plain)
      else this.#add(prefix, key!, double ?? (encoded.has(key!) ? decode(plain!) : plain!))
    }
  }

  addTo(fields: Fields): void {
    const values = this.#values
    const title = values.get('auditd.data.proctitle')
    const args = typeof title === 'string' ? title.split('\0') : Object.values(this.#arguments)
    if (args.length > 0) {
      values.set('process.args', args)
      values.set('process.command_line', args.join(' '))
    }
    values.delete('auditd.data.proctitle')
    for (const [name, value] of values) fields.set(name, value)
    if (this.#tooMany) append(fields, 'tags', [tooManyFieldsTag])
  }

  #addArgument(key: string, double: string | undefined, plain: string | undefined): void {
    const index = argument.exec(key)?.[1]
    if (index === undefined) {
      if (!argumentLength.test(key)) this.#add('auditd.data.', key, double ?? plain!)
      return
    }
    const place = Number(index)
    if (place >= mostSenderFields) {
      this.#tooMany = true
      return
    }
    const value = double ?? decode(plain!)
    this.#arguments[place] = (this.#arguments[place] ?? '') + value
    this.#values.set(`auditd.data.a${place}`, this.#arguments[place])
  }

  #add(prefix: string, key: string, value: string): void {
    if (absent.has(value)) return
    const name = prefix + (prefix === 'auditd.data.' ? key : key.toLowerCase())
    // Several keys of a rule are joined by the byte 1.
    this.#values.set(name, key === 'key' && value.includes('\u0001') ? value.split('\u0001') : value)
  }
}

function decode(value: string): string {
  return /^(?:[0-9A-F]{2})+$/.test(value) ? Buffer.from(value, 'hex').toString('utf8') : value
}
