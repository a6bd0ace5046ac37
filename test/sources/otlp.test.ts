import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

/** OTLP over HTTP, sent by OpenTelemetry's own SDK. */
let collector: HttpCollector

beforeEach(async () => {
  collector = await HttpCollector.start({ parsers: ['otlp'] })
})
afterEach(() => collector.stop())

const received = async (count: number) => {
  await expect.poll(() => collector.analyzer.events.size).toBe(count)
}

async function emit(exporter: LogRecordExporter, from: string): Promise<void> {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': from, 'host.name': 'app01' }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  })
  const logger = provider.getLogger('vn.gov.dvc', '1.2')
  logger.emit({
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    eventName: 'login.failed',
    timestamp: new Date('2026-11-22T04:00:00.125Z'),
    body: { 'lý do': 'sai mật khẩu', attempts: [1, 2.5, true, 'ba'], deep: { er: null } },
    attributes: {
      'user.name': 'an',
      'client.address': '198.51.100.9',
      'client.port': 40022,
      big: 9007199254740000,
      bytes: new Uint8Array([1, 2]),
    },
  })
  for (let n = 0; n < 99; n++) logger.emit({ body: `dòng ${n}` })
  await provider.shutdown()
}

it.each([
  ['protobuf', ProtobufExporter],
  ['JSON', JsonExporter],
] as const)('takes what the SDK exports as %s', async (from, Exporter) => {
  const exporter = new Exporter({
    url: `${collector.url}/v1/logs`,
    headers: { authorization: `Bearer ${collector.token}` },
    compression: CompressionAlgorithm.GZIP,
  })
  await emit(exporter, from)
  await received(100)
  expect(collector.events[0]).toMatchObject({
    '@timestamp': '2026-11-22T04:00:00.125Z',
    'event.dataset': 'otlp.log',
    'event.action': 'login.failed',
    'event.severity': 13,
    'log.level': 'warn',
    'log.logger': 'vn.gov.dvc',
    'service.name': from,
    'host.name': 'app01',
    'user.name': 'an',
    'source.ip': '198.51.100.9',
    'source.port': 40022,
    'otel.body.lý do': 'sai mật khẩu',
    'otel.body.attempts': [1, 2.5, true, 'ba'],
    'otel.attributes.big': 9007199254740000,
    'otel.attributes.bytes': 'AQI=',
    'otel.scope.version': '1.2',
  })
  expect(collector.events.slice(1).map((event) => event['message'])).toEqual(Array.from({ length: 99 }, (_, n) => `dòng ${n}`))
})

const post = (body: string | Buffer, type: string, headers = {}) =>
  collector.fetch('/v1/logs', { method: 'POST', body, headers: { 'content-type': type, ...headers } })

it('answers for the part that it could read, and keeps the rest', async () => {
  const logRecords = [{ body: { stringValue: 'a' } }, 7, { body: { stringValue: 'b' } }, { attributes: 'none' }]
  const answer = await post(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }), 'application/json; charset=utf-8')
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { partialSuccess: { rejectedLogRecords: '2', errorMessage: 'a log record is no object' } },
  ])
  await received(4)
  expect(collector.events.map((event) => [event['message'] ?? event['event.original'], event['error.code']])).toEqual([
    ['a', undefined],
    ['7', 'bad-json'],
    ['b', undefined],
    ['{"attributes":"none"}', 'bad-json'],
  ])
})

it('tells a sender in its encoding what is wrong, and keeps what it sent', async () => {
  const json = await post('{"resourceLogs":7}', 'application/json')
  expect([json.status, await json.json()]).toEqual([
    400,
    { code: 3, message: 'The body is no OTLP request in json: resourceLogs is no list.' },
  ])
  const protobuf = await post(Buffer.from('0aff01', 'hex'), 'application/x-protobuf')
  expect([protobuf.status, protobuf.headers.get('content-type')]).toEqual([400, 'application/x-protobuf'])
  expect(Buffer.from(await protobuf.arrayBuffer()).toString()).toContain('a message is longer than the request')
  expect((await post('', 'text/plain')).status).toBe(400)
  expect((await post('{}', 'application/json', { authorization: '' })).status).toBe(401)
  const nothing = await post(Buffer.alloc(0), 'application/x-protobuf')
  expect([nothing.status, (await nothing.arrayBuffer()).byteLength]).toEqual([200, 0])
  await received(3)
})
