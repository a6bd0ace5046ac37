import type { FieldValue, Scalar } from '@vonggac/contract'
import type { Fields } from '../../fields.ts'

const deepest = 32

/**
 * Nested JSON made flat fields: `{a: {b: 1}}` becomes `a.b: 1`. Nothing is lost:
 * - objects in an array that all have the same scalar keys become parallel arrays (`a: [{b: 1}, {b: 2}]` is `a.b: [1, 2]`);
 * - other arrays that hold objects or arrays, empty objects, and what is nested deeper than 32 levels stay JSON text;
 * - a name that is there already (`{"a.b": 1, "a": {"b": 2}}`) holds both values.
 */
export function flattenInto(fields: Fields, object: Readonly<Record<string, unknown>>, prefix = '', depth = 0): void {
  for (const key of Object.keys(object)) flattenValue(fields, prefix + key, object[key], depth)
}

function flattenValue(fields: Fields, name: string, value: unknown, depth: number): void {
  if (isScalar(value)) add(fields, name, value)
  else if (Array.isArray(value)) flattenArray(fields, name, value)
  else if (depth < deepest && Object.keys(value as object).length > 0) {
    flattenInto(fields, value as Record<string, unknown>, `${name}.`, depth + 1)
  } else add(fields, name, JSON.stringify(value))
}

function flattenArray(fields: Fields, name: string, values: readonly unknown[]): void {
  if (values.every(isScalar)) return add(fields, name, values)
  const rows = values.map((value) => (isObject(value) ? Object.entries(value) : undefined))
  const keys = rows[0]?.map(([key]) => key)
  const parallel = keys && keys.length > 0 && rows.every((row) => row !== undefined && sameKeys(row, keys))
  if (!parallel) return add(fields, name, JSON.stringify(values))
  for (const key of keys)
    add(
      fields,
      `${name}.${key}`,
      values.map((value) => (value as Record<string, Scalar>)[key]!),
    )
}

function sameKeys(row: readonly (readonly [string, unknown])[], keys: readonly string[]): boolean {
  return row.length === keys.length && row.every(([key, value], index) => key === keys[index] && isScalar(value))
}

function add(fields: Fields, name: string, value: FieldValue): void {
  const before = fields.get(name)
  fields.set(name, before === undefined ? value : [...asArray(before), ...asArray(value)])
}

function asArray(value: FieldValue): readonly Scalar[] {
  return Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== 'object'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
