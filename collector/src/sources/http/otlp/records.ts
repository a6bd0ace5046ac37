/**
 * The log records of an OTLP request, in the shape of its JSON encoding, each as one object that stands for itself: what the frame of a record is.
 *
 *     {"time":"2026-11-22T04:00:00.123456789Z","observed_time":…,"severity_number":9,"severity_text":"INFO","event_name":…,"body":"text, or an object",
 *      "trace_id":…,"span_id":…,"attributes":{…},"resource":{…},"scope":{"name":…,"version":…,"attributes":{…}}}
 *
 * Names are as the OpenTelemetry data model has them; what was not sent is not there.
 */
export type OtlpRecord = Readonly<Record<string, unknown>>

/** A record that is none; `record` is what stood in its place. */
export interface BrokenRecord {
  readonly broken: string
  readonly record: unknown
}

const deepest = 64

/** @throws Error when it is no request at all */
export function* recordsOf(request: unknown): Generator<OtlpRecord | BrokenRecord> {
  for (const ofResource of list(object(request, 'the request')['resourceLogs'], 'resourceLogs')) {
    const { resource, scopeLogs } = object(ofResource, 'resourceLogs')
    const resourceFields = attributes(optionalObject(resource)['attributes'])
    for (const ofScope of list(scopeLogs, 'scopeLogs')) {
      const { scope, logRecords } = object(ofScope, 'scopeLogs')
      const scopeFields = scopeOf(optionalObject(scope))
      for (const record of list(logRecords, 'logRecords')) yield oneRecord(record, resourceFields, scopeFields)
    }
  }
}

export function isBroken(record: OtlpRecord | BrokenRecord): record is BrokenRecord {
  return typeof record['broken'] === 'string' && 'record' in record
}

type Values = Readonly<Record<string, unknown>>

function oneRecord(value: unknown, resource: Values, scope: Values): OtlpRecord | BrokenRecord {
  try {
    const record = object(value, 'a log record')
    return present({
      time: time(record['timeUnixNano']),
      observed_time: time(record['observedTimeUnixNano']),
      severity_number: severity(record['severityNumber']),
      severity_text: text(record['severityText']),
      event_name: text(record['eventName']),
      body: record['body'] === undefined ? undefined : anyValue(record['body'], 0),
      trace_id: text(record['traceId']),
      span_id: text(record['spanId']),
      attributes: attributes(record['attributes']),
      resource,
      scope,
    })
  } catch (error) {
    return { broken: (error as Error).message, record: value }
  }
}

function scopeOf({ name, version, attributes: list }: Values): Values {
  return present({ name: text(name), version: text(version), attributes: attributes(list) })
}

function attributes(value: unknown, depth = 0): Values {
  const pairs = list(value, 'attributes').map((pair): [string, unknown] => {
    const { key, value: held } = object(pair, 'an attribute')
    if (typeof key !== 'string') throw new Error('an attribute has no key')
    return [key, held === undefined ? null : anyValue(held, depth)]
  })
  return Object.fromEntries(pairs)
}

function anyValue(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new Error(`values are nested deeper than ${deepest} levels`)
  const one = object(value, 'a value')
  if ('stringValue' in one) return String(one['stringValue'])
  if ('boolValue' in one) return one['boolValue'] === true
  if ('intValue' in one) return integer(one['intValue'])
  if ('doubleValue' in one) return double(one['doubleValue'])
  if ('bytesValue' in one) return String(one['bytesValue'])
  if ('arrayValue' in one) return list(optionalObject(one['arrayValue'])['values'], 'values').map((held) => anyValue(held, depth + 1))
  if ('kvlistValue' in one) return attributes(optionalObject(one['kvlistValue'])['values'], depth + 1)
  return null
}

/** 64 bits come as text; what a number of JSON cannot hold stays text. */
function integer(value: unknown): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function double(value: unknown): number | string {
  const number = Number(value)
  return Number.isFinite(number) ? number : String(value)
}

/** The standard's numbers are 1 to 24; 0 says nothing. JSON may carry the name of one, which says no more than `severityText`. */
function severity(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

/** Nanoseconds since 1970 to ISO 8601; 0 is "not known". */
function time(value: unknown): string | undefined {
  if (value === undefined || value === null || !/^\d{1,20}$/.test(String(value))) return undefined
  const nanoseconds = BigInt(String(value))
  const seconds = Number(nanoseconds / 1_000_000_000n)
  if (nanoseconds === 0n || seconds > 253_402_300_799) return undefined
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function present(fields: Values): Values {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(isPlain(value) && Object.keys(value).length === 0)),
  )
}

function isPlain(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: unknown, what: string): Values {
  if (!isPlain(value)) throw new Error(`${what} is no object`)
  return value
}

function optionalObject(value: unknown): Values {
  return isPlain(value) ? value : {}
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Error(`${what} is no list`)
  return value
}
