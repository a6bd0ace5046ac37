import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/**
 * The messages of OTLP's logs (opentelemetry-proto 1.x: collector/logs/v1, logs/v1, resource/v1, common/v1), as far as they are read. Field numbers
 * lead to the names of the JSON encoding, so that what is decoded looks like what comes as JSON.
 */
interface Field {
  readonly name: string
  readonly type: 'string' | 'bool' | 'int' | 'double' | 'nanoseconds' | 'hex' | 'base64' | (() => Message)
  readonly repeated?: true
}
type Message = Readonly<Record<number, Field>>

const anyValue: Message = {
  1: { name: 'stringValue', type: 'string' },
  2: { name: 'boolValue', type: 'bool' },
  3: { name: 'intValue', type: 'int' },
  4: { name: 'doubleValue', type: 'double' },
  5: { name: 'arrayValue', type: () => values },
  6: { name: 'kvlistValue', type: () => pairs },
  7: { name: 'bytesValue', type: 'base64' },
}
const keyValue: Message = { 1: { name: 'key', type: 'string' }, 2: { name: 'value', type: () => anyValue } }
const values: Message = { 1: { name: 'values', type: () => anyValue, repeated: true } }
const pairs: Message = { 1: { name: 'values', type: () => keyValue, repeated: true } }
const logRecord: Message = {
  1: { name: 'timeUnixNano', type: 'nanoseconds' },
  2: { name: 'severityNumber', type: 'int' },
  3: { name: 'severityText', type: 'string' },
  5: { name: 'body', type: () => anyValue },
  6: { name: 'attributes', type: () => keyValue, repeated: true },
  9: { name: 'traceId', type: 'hex' },
  10: { name: 'spanId', type: 'hex' },
  11: { name: 'observedTimeUnixNano', type: 'nanoseconds' },
  12: { name: 'eventName', type: 'string' },
}
const scope: Message = {
  1: { name: 'name', type: 'string' },
  2: { name: 'version', type: 'string' },
  3: { name: 'attributes', type: () => keyValue, repeated: true },
}
const scopeLogs: Message = {
  1: { name: 'scope', type: () => scope },
  2: { name: 'logRecords', type: () => logRecord, repeated: true },
}
const resource: Message = { 1: { name: 'attributes', type: () => keyValue, repeated: true } }
const resourceLogs: Message = {
  1: { name: 'resource', type: () => resource },
  2: { name: 'scopeLogs', type: () => scopeLogs, repeated: true },
}
const request: Message = { 1: { name: 'resourceLogs', type: () => resourceLogs, repeated: true } }

/** Two bytes on the wire can be a message: this many of one request become objects. */
const mostMessages = 500_000
const deepest = 64

/** An `ExportLogsServiceRequest`, in the shape of its JSON encoding. @throws Error for bytes that are none, or too much of it */
export function decodeLogs(bytes: Uint8Array): unknown {
  return new Decoder(bytes).message(request, bytes.length, 0)
}

type Decoded = Record<string, unknown>

class Decoder {
  readonly #reader: BinaryReader
  #messages = 0

  constructor(bytes: Uint8Array) {
    this.#reader = new BinaryReader(bytes)
  }

  message(fields: Message, length: number, depth: number): Decoded {
    if (++this.#messages > mostMessages) throw new Error(`the request has more than ${mostMessages} parts: send fewer records in one`)
    if (depth > deepest) throw new Error(`values are nested deeper than ${deepest} levels`)
    const reader = this.#reader
    const end = reader.pos + length
    if (end > reader.len) throw new Error('a message is longer than the request')
    const decoded: Decoded = {}
    while (reader.pos < end) {
      const [number, wire] = reader.tag()
      const field = fields[number]
      if (!field || wire !== wireTypeOf(field)) reader.skip(wire, number)
      else if (field.repeated) ((decoded[field.name] ??= []) as unknown[]).push(this.#value(field, depth))
      else decoded[field.name] = this.#value(field, depth)
    }
    if (reader.pos !== end) throw new Error('a message ends within a field')
    return decoded
  }

  #value({ type }: Field, depth: number): unknown {
    const reader = this.#reader
    if (typeof type === 'function') return this.message(type(), reader.uint32(), depth + 1)
    switch (type) {
      case 'string':
        return reader.string()
      case 'bool':
        return reader.bool()
      case 'int':
        return String(reader.int64())
      case 'double':
        return reader.double()
      case 'nanoseconds':
        return String(reader.fixed64())
      case 'hex':
        return Buffer.from(reader.bytes()).toString('hex')
      case 'base64':
        return Buffer.from(reader.bytes()).toString('base64')
    }
  }
}

function wireTypeOf({ type }: Field): WireType {
  if (type === 'bool' || type === 'int') return WireType.Varint
  return type === 'double' || type === 'nanoseconds' ? WireType.Bit64 : WireType.LengthDelimited
}
