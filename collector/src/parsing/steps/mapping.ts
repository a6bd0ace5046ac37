import type { FieldValue, Scalar } from '@vonggac/contract'
import { textOf, type Step } from '../draft.ts'

/** The steps that move and change fields. All of them succeed: a field that is not there is left alone. */

export function set(values: Readonly<Record<string, FieldValue>>): Step {
  const entries = Object.entries(values)
  return ({ fields }) => {
    for (const [field, value] of entries) fields.set(field, value)
    return true
  }
}

/** `{to: from}`. */
export function copy(names: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(names)
  return ({ fields }) => {
    for (const [to, from] of entries) {
      const value = fields.get(from)
      if (value !== undefined) fields.set(to, value)
    }
    return true
  }
}

/** `{to: from}`: the first member of a list, or a value that is none. */
export function pick(names: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(names)
  return ({ fields }) => {
    for (const [to, from] of entries) {
      const value = fields.get(from)
      const first = Array.isArray(value) ? (value as readonly Scalar[])[0] : value
      if (first !== undefined && first !== null) fields.set(to, first)
    }
    return true
  }
}

/** `{from: to}`. */
export function rename(names: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(names)
  return ({ fields }) => {
    for (const [from, to] of entries) {
      const value = fields.get(from)
      if (value === undefined) continue
      fields.set(to, value)
      fields.delete(from)
    }
    return true
  }
}

export function remove(names: readonly string[]): Step {
  return ({ fields }) => {
    for (const name of names) fields.delete(name)
    return true
  }
}

export function lowercase(names: readonly string[]): Step {
  return ({ fields }) => {
    for (const name of names) {
      const value = fields.get(name)
      if (typeof value === 'string') fields.set(name, value.toLowerCase())
      else if (Array.isArray(value))
        fields.set(
          name,
          (value as readonly Scalar[]).map((one) => (typeof one === 'string' ? one.toLowerCase() : one)),
        )
    }
    return true
  }
}

/** Looks the field's text up in `values` and puts what it finds, or `otherwise`, into `to`. Of an array, the first member that is found counts. */
export function map(field: string, to: string, values: Readonly<Record<string, FieldValue>>, otherwise: FieldValue | undefined): Step {
  const table = new Map(Object.entries(values))
  return ({ fields }) => {
    const own = fields.get(field)
    const members = Array.isArray(own) ? own : [own]
    const key = members.map(String).find((member) => table.has(member))
    const value = key === undefined ? otherwise : table.get(key)
    if (value !== undefined) fields.set(to, value)
    return true
  }
}

/** Splits `url.original` into `url.path` and `url.query` (ECS), and into `url.domain` where it names one. Kept as sent: nothing is decoded. */
export function url(field: string): Step {
  return ({ fields }) => {
    let rest = textOf(fields, field)
    if (rest === undefined) return true
    const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(rest)
    if (absolute) {
      const domain = absolute[1]!.replace(/^[^@]*@/, '').replace(/:\d+$/, '')
      if (domain !== '') fields.set('url.domain', domain)
      rest = rest.slice(absolute[0].length)
    }
    const fragment = rest.indexOf('#')
    const plain = fragment < 0 ? rest : rest.slice(0, fragment)
    const mark = plain.indexOf('?')
    const path = mark < 0 ? plain : plain.slice(0, mark)
    if (path !== '') fields.set('url.path', path)
    if (mark >= 0 && mark + 1 < plain.length) fields.set('url.query', plain.slice(mark + 1))
    return true
  }
}
