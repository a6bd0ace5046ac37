import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** The two encodings of OTLP/HTTP; the answer is in that of the request. */
export type Encoding = 'protobuf' | 'json'

export const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const satisfies Record<Encoding, string>

/** An `ExportLogsServiceResponse`: of partial success when records were rejected. */
export function exportResponse(encoding: Encoding, rejected: number, message: string): string | Uint8Array {
  if (encoding === 'json')
    return JSON.stringify(rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: message } })
  const writer = new BinaryWriter()
  if (rejected > 0) {
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.Varint).int64(rejected)
    writer.tag(2, WireType.LengthDelimited).string(message)
    writer.join()
  }
  return writer.finish()
}

/** A `google.rpc.Status`. */
export function statusMessage(encoding: Encoding, code: number, message: string): string | Uint8Array {
  if (encoding === 'json') return JSON.stringify({ code, message })
  return new BinaryWriter().tag(1, WireType.Varint).int32(code).tag(2, WireType.LengthDelimited).string(message).finish()
}
