import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { frameFlags } from '../../../frame.ts'
import { readBulk, type BulkAction } from './actions.ts'
import { bulkAnswer, itemOf } from './items.ts'
import { answerProbe, versionFor } from './probes.ts'

const read = (text: string, limit = 1_000) => [...readBulk(Buffer.from(text), 'usual', limit)]
const briefly = (action: BulkAction) =>
  action.kind === 'document'
    ? [action.operation, action.index, action.id, action.document.bytes.toString()]
    : action.kind === 'refused'
      ? [action.operation, action.index, action.id]
      : ['malformed', action.bytes.toString()]

it('reads actions as shippers write them', () => {
  const text =
    '{"create":{"_index":"logs","_id":"a"}}\n{"x":1}\n\n { "index" : { "_id" : 7, "_type": "_doc" } }\r\n{"x":2}\r\n{"create":{"_id":null,"routing":null}}\n{"x":3}\n{"index":{"_id":""}}\n{"x":4}'
  expect(read(text.replace('\n {', '\n{')).map(briefly)).toEqual([
    ['create', 'logs', 'a', '{"x":1}'],
    ['index', 'usual', '7', '{"x":2}'],
    ['create', 'usual', undefined, '{"x":3}'],
    ['index', 'usual', undefined, '{"x":4}'],
  ])
})

it('finds its way back after what is no action', () => {
  expect(read('junk\n{"a":1}\n{"create":{}}\n{"x":1}').map(briefly)).toEqual([
    ['malformed', 'junk\n{"a":1}'],
    ['create', 'usual', undefined, '{"x":1}'],
  ])
  expect(read('junk\n{"create":{}}\n{"x":1}').map(briefly)).toEqual([
    ['malformed', 'junk'],
    ['create', 'usual', undefined, '{"x":1}'],
  ])
  const wrong = ['{"create":7}', '{"create":{},"index":{}}', '{"search":{}}', '[]', '{}', '{"create":']
  for (const line of wrong) expect(read(`${line}\n{"x":1}`).map(briefly)).toEqual([['malformed', `${line}\n{"x":1}`]])
  expect(read('{"delete":{"_id":"a"}}\n{"update":{"_id":"b"}}\n{"doc":{}}\n{"create":{}}').map(briefly)).toEqual([
    ['delete', 'usual', 'a'],
    ['update', 'usual', 'b'],
    ['malformed', '{"create":{}}'],
  ])
})

it('keeps no more of what is no action than of a document', () => {
  const [action] = read(`${'junk'.repeat(1_000)}\n${'x'.repeat(900)}`)
  expect(action).toMatchObject({ kind: 'malformed', flags: frameFlags.oversize | frameFlags.badJson })
  expect(action?.kind === 'malformed' && action.bytes.length).toBe(1_000)
})

it('cuts a document that is too long, and says so', () => {
  const [action] = read(`{"create":{}}\n{"x":"${'y'.repeat(2_000)}"}`)
  expect(action).toMatchObject({ kind: 'document', document: { flags: frameFlags.oversize, rejected: { reason: 'oversize' } } })
})

const line = fc.oneof(
  fc.constantFrom('{"create":{}}', '{"index":{"_id":"1"}}', '{"delete":{}}', '{"update":{}}', '{"x":1}', '', '{', 'null', '"{"'),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
)

it('leaves no line unanswered, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const actions = read(lines.join('\n'))
      const held = actions.map((action) => {
        if (action.kind === 'malformed')
          return action.bytes
            .toString()
            .split('\n')
            .filter((text) => text !== '' && text !== '\r').length
        return action.kind === 'refused' && action.operation === 'delete' ? 1 : 2
      })
      const there = lines.filter((text) => text.replace(/\r$/, '') !== '').length
      const sum = held.reduce((total, one) => total + one, 0)
      // An update at the end may lack its document.
      expect([there, there + 1]).toContain(sum)
    }),
  )
})

it('answers as Elasticsearch does, and as Fluent Bit looks for', () => {
  const [create, index] = read('{"create":{"_index":"i","_id":"1"}}\n{}\n{"index":{"_index":"i"}}\n{}') as [BulkAction, BulkAction]
  const fresh = { position: 41, repeat: false }
  const again = { position: 41, repeat: true }
  expect(bulkAnswer([itemOf(create, fresh), itemOf(index, fresh)], 3, false)).toBe(
    '{"took":3,"errors":false,"items":[{"create":{"_index":"i","_id":"1","_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}},' +
      '{"index":{"_index":"i","_id":"41","_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}}]}',
  )
  const named = { ...index, id: '2' } as BulkAction
  expect(bulkAnswer([itemOf(create, again), itemOf(named, again)], 3, true)).toBe(
    '{"errors":true,"items":[{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"[1]: version conflict, document already exists"}}},{"index":{"status":200}}]}',
  )
})

it('is as old as whoever asks', () => {
  const agents = {
    'Elastic-filebeat/8.11.4 (linux; amd64)': '8.11.4',
    'filebeat/7.17.18 (windows)': '7.17.18',
    'Elastic-Winlogbeat/9.0.1': '9.0.1',
    'Logstash/8.11.4 (OS=Linux) logstash-output-elasticsearch/11.22.1': '8.11.4',
    'elasticsearch-js/9.4.3 (linux 6.1-x64; Node.js 20)': '9.4.3',
    'Elastic-Agent/8.15.0': '8.15.0',
    'Vector/0.38.0': '8.17.0',
    '': '8.17.0',
  }
  for (const [agent, version] of Object.entries(agents)) expect([agent, versionFor(agent)]).toEqual([agent, version])
})

it('knows no more than it is asked for', () => {
  const probe = (method: string, path: string) => answerProbe({ method, path, query: new URLSearchParams(), userAgent: '', host: 'h:1' })
  expect(['/_search', '/i/_search', '/_security/user', '/constructor', '/__proto__'].map((path) => probe('GET', path))).toEqual(
    Array(5).fill(undefined),
  )
  expect(probe('DELETE', '/_index_template/x')).toBeUndefined()
  expect(probe('PUT', '/_index_template/x')).toEqual({ status: 200, body: { acknowledged: true } })
})
