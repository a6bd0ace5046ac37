import type { FieldValue, Scalar } from '@vonggac/contract'
import { fieldId, type FieldId } from '../../field-names.ts'
import { textOf, type Step } from '../draft.ts'

/** The steps that move and change fields. All of them succeed: a field that is not there, or holds JSON's null, is left alone. */

export function set(values: Readonly<Record<string, FieldValue>>): Step {
  const entries = Object.entries(values).map(([field, value]) => [fieldId(field), value] as const)
  return ({ fields }) => {
    for (const [field, value] of entries) fields.set(field, value)
    return true
  }
}

/** `{to: from}`. */
export function copy(names: Readonly<Record<string, string>>): Step {
  const entries = numbered(names)
  return ({ fields }) => {
    for (const [to, from] of entries) {
      const value = fields.get(from)
      if (value !== undefined && value !== null) fields.set(to, value)
    }
    return true
  }
}

/** `{to: from}`: the first member of a list, or a value that is none. */
export function pick(names: Readonly<Record<string, string>>): Step {
  const entries = numbered(names)
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
  const entries = numbered(names)
  return ({ fields }) => {
    for (const [from, to] of entries) {
      const value = fields.get(from)
      if (value === undefined || value === null) continue
      fields.set(to, value)
      fields.delete(from)
    }
    return true
  }
}

export function remove(names: readonly string[]): Step {
  const ids = names.map(fieldId)
  return ({ fields }) => {
    for (const name of ids) fields.delete(name)
    return true
  }
}

export function lowercase(names: readonly string[]): Step {
  const ids = names.map(fieldId)
  return ({ fields }) => {
    for (const name of ids) {
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
  const [from, target] = [fieldId(field), fieldId(to)]
  return ({ fields }) => {
    const own = fields.get(from)
    const found = Array.isArray(own) ? firstOf(table, own as readonly Scalar[]) : table.get(String(own))
    const value = found ?? otherwise
    if (value !== undefined) fields.set(target, value)
    return true
  }
}

function firstOf(table: ReadonlyMap<string, FieldValue>, members: readonly Scalar[]): FieldValue | undefined {
  const key = members.map(String).find((member) => table.has(member))
  return key === undefined ? undefined : table.get(key)
}

const domainField = fieldId('url.domain')
const pathField = fieldId('url.path')
const queryField = fieldId('url.query')

/** Splits `url.original` into `url.path` and `url.query` (ECS), and into `url.domain` where it names one. Kept as sent: nothing is decoded. */
export function url(field: string): Step {
  const from = fieldId(field)
  return ({ fields }) => {
    let rest = textOf(fields, from)
    if (rest === undefined) return true
    const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(rest)
    if (absolute) {
      const domain = absolute[1]!.replace(/^[^@]*@/, '').replace(/:\d+$/, '')
      if (domain !== '') fields.set(domainField, domain)
      rest = rest.slice(absolute[0].length)
    }
    const fragment = rest.indexOf('#')
    const plain = fragment < 0 ? rest : rest.slice(0, fragment)
    const mark = plain.indexOf('?')
    const path = mark < 0 ? plain : plain.slice(0, mark)
    if (path !== '') fields.set(pathField, path)
    if (mark >= 0 && mark + 1 < plain.length) fields.set(queryField, plain.slice(mark + 1))
    return true
  }
}

function numbered(names: Readonly<Record<string, string>>): readonly (readonly [FieldId, FieldId])[] {
  return Object.entries(names).map(([one, other]) => [fieldId(one), fieldId(other)])
}
