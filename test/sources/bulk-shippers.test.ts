import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@elastic/elasticsearch'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'
import type { RunningProgram } from '../support/running-program.ts'

/**
 * Shippers that speak to Elasticsearch, at the collector. rsyslog and Elastic's own client are the real programs, as Filebeat 7 is in
 * filebeat.test.ts. Newer Beats, Winlogbeat, Logstash, Vector and Fluent Bit are not to be had on the machines that run this: their dialogues are followed as
 * their documentation and sources tell them.
 */
let collector: HttpCollector

beforeEach(async () => {
  collector = await HttpCollector.start({ collector: { journal: { segmentBytes: 16_384, maxBytes: 65_536 } } })
})
afterEach(() => collector.stop())

const labels = () => collector.events.map((event) => event['labels.n'])
const isThere = async (count: number) => {
  await expect.poll(() => new Set(labels()).size, { timeout: 90_000 }).toBe(count)
}

describe('the client of Elastic', () => {
  const client = () => new Client({ node: `${collector.url}/elasticsearch`, auth: { apiKey: { id: 'app', api_key: collector.token } } })
  const documents = Array.from({ length: 500 }, (_, n) => ({ labels: { n: String(n) } }))

  it('sends everything with its bulk helper, and again as repeats', async () => {
    const send = () =>
      client().helpers.bulk({
        datasource: documents,
        onDocument: ({ labels: { n } }) => [{ create: { _index: 'logs-app-default', _id: n } }, { labels: { n } }],
        flushBytes: 10_000,
      })
    expect(await client().info()).toMatchObject({ tagline: 'You Know, for Search' })
    expect(await send()).toMatchObject({ total: 500, successful: 500, failed: 0, retry: 0 })
    // The helper counts a conflict as failed and does not send it again.
    expect(await send()).toMatchObject({ total: 500, successful: 0, failed: 500, retry: 0 })
    await isThere(500)
    expect(collector.events).toHaveLength(500)
  })
})

describeWith(rsyslog('omelasticsearch'), (program) => {
  let running: RunningProgram | undefined
  const lines = 2_000

  afterEach(() => running?.stop())

  async function forward(): Promise<void> {
    await writeFile(join(collector.folder, 'lines.log'), Array.from({ length: lines }, (_, n) => `${n}\n`).join(''))
    running = await startRsyslog(
      program,
      collector.folder,
      `
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omelasticsearch")
template(name="line" type="string" string="{\\"labels.n\\":\\"%msg%\\"}")
input(type="imfile" file="${collector.folder}/lines.log" tag="app:" ruleset="forward")
ruleset(name="forward") {
  action(type="omelasticsearch" server="127.0.0.1" serverport="${collector.port}" uid="app" pwd="${collector.token}" template="line"
         bulkmode="on" searchIndex="logs" searchType="" queue.type="LinkedList" queue.dequeueBatchSize="100"
         action.resumeRetryCount="-1" action.resumeInterval="1")
}
`,
    )
  }

  it('delivers every line once', async () => {
    await forward()
    await isThere(lines)
    expect(collector.events).toHaveLength(lines)
    expect(collector.counts()).toMatchObject({ received: lines })
  })

  it('loses and doubles nothing while the journal is full', async () => {
    collector.analyzer.refuse = true
    await forward()
    await expect.poll(() => collector.running.counters().journalBytes).toBeGreaterThan(60_000)
    collector.analyzer.refuse = false
    await isThere(lines)
    expect(collector.events).toHaveLength(lines)
  })
})

interface Asked {
  readonly ask: string
  readonly body?: string
  /** What must be in the answer: the shipper reads it. */
  readonly answer?: object
}

/** Each asks for this before it sends, and gives up when the answer is not of the kind. */
const dialogues: Record<string, { userAgent: string; asks: Asked[]; bulk: string; documents: string }> = {
  Filebeat: {
    userAgent: 'Elastic-filebeat/8.11.4 (linux; amd64; 2ddd6bb; 2024-01-01 00:00:00 +0000 UTC)',
    asks: [
      { ask: 'GET /', answer: { version: { number: '8.11.4', build_flavor: 'default' } } },
      { ask: 'GET /_license?human=false', answer: { license: { status: 'active' } } },
      { ask: 'GET /_ilm/policy/filebeat', answer: { filebeat: {} } },
      { ask: 'PUT /_ilm/policy/filebeat', body: '{"policy":{"phases":{}}}', answer: { acknowledged: true } },
      { ask: 'HEAD /_index_template/filebeat-8.11.4' },
      { ask: 'PUT /_index_template/filebeat-8.11.4', body: '{"index_patterns":["filebeat-8.11.4"]}', answer: { acknowledged: true } },
      { ask: 'GET /_data_stream/filebeat-8.11.4', answer: { data_streams: [{ name: 'filebeat-8.11.4' }] } },
      { ask: 'PUT /_data_stream/filebeat-8.11.4', answer: { acknowledged: true } },
      { ask: 'PUT /_ingest/pipeline/filebeat-8.11.4-nginx-access-pipeline', body: '{}', answer: { acknowledged: true } },
    ],
    bulk: 'POST /_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status',
    documents:
      '{"create":{"_index":"filebeat-8.11.4"}}\n{"@timestamp":"2026-11-22T04:00:00.000Z","labels":{"n":"1"}}\n' +
      '{"create":{"_index":"filebeat-8.11.4"}}\n{"@timestamp":"2026-11-22T04:00:00.000Z","labels":{"n":"2"}}\n',
  },
  Winlogbeat: {
    userAgent: 'Elastic-winlogbeat/7.17.18 (windows; amd64)',
    asks: [
      { ask: 'GET /', answer: { version: { number: '7.17.18' } } },
      { ask: 'GET /_xpack', answer: { features: { ilm: { available: true, enabled: true } } } },
      { ask: 'HEAD /_template/winlogbeat-7.17.18' },
      { ask: 'HEAD /_alias/winlogbeat-7.17.18' },
      { ask: 'PUT /%3Cwinlogbeat-7.17.18-%7Bnow%2Fd%7D-000001%3E', body: '{"aliases":{}}', answer: { acknowledged: true } },
    ],
    bulk: 'POST /_bulk',
    documents:
      '{"index":{"_index":"winlogbeat-7.17.18","_type":"_doc"}}\n{"labels.n":"1"}\n{"index":{"_index":"winlogbeat-7.17.18","_type":"_doc"}}\n{"labels.n":"2"}\n',
  },
  Logstash: {
    userAgent: 'Logstash/8.11.4 (OS=Linux-6.1; JVM=Eclipse Temurin-17) logstash-output-elasticsearch/11.22.1',
    asks: [
      { ask: 'HEAD /' },
      { ask: 'GET /', answer: { version: { number: '8.11.4' }, tagline: 'You Know, for Search' } },
      { ask: 'GET /_license', answer: { license: { type: 'basic', status: 'active' } } },
      { ask: 'HEAD /_index_template/ecs-logstash' },
      { ask: 'PUT /_index_template/ecs-logstash', body: '{}', answer: { acknowledged: true } },
      { ask: 'GET /_nodes/http', answer: { nodes: { vonggac: { http: {} } } } },
    ],
    bulk: 'POST /_bulk?filter_path=errors,items.*.error,items.*.status',
    documents:
      '{"create":{"_id":null,"_index":"logs-generic-default","routing":null}}\n{"labels.n":"1"}\n{"create":{"_id":null,"_index":"logs-generic-default"}}\n{"labels.n":"2"}\n',
  },
  Vector: {
    userAgent: 'Vector/0.38.0 (x86_64-unknown-linux-gnu)',
    asks: [
      { ask: 'GET /_cluster/health', answer: { status: 'green' } },
      { ask: 'GET /', answer: { version: { number: '8.17.0' } } },
    ],
    bulk: 'POST /_bulk',
    documents: '{"index":{"_index":"vector-2026.11.22"}}\n{"labels.n":"1"}\n{"index":{"_index":"vector-2026.11.22"}}\n{"labels.n":"2"}\n',
  },
  'Fluent Bit': {
    userAgent: 'Fluent-Bit',
    asks: [],
    bulk: 'POST /_bulk',
    documents: '{"create":{"_index":"fluent-bit"}}\n{"labels.n":"1"}\n{"create":{"_index":"fluent-bit"}}\n{"labels.n":"2"}\n',
  },
}

it('the documented dialogues of shippers end in events', async () => {
  for (const [name, { userAgent, asks, bulk, documents }] of Object.entries(dialogues)) {
    const say = (line: string, body?: string) => {
      const [method = '', path = ''] = line.split(' ')
      const authorization = `Basic ${Buffer.from(`app:${collector.token}`).toString('base64')}`
      const headers = { authorization, 'user-agent': userAgent, 'content-type': 'application/x-ndjson' }
      return collector.fetch(path, { method, headers, ...(body !== undefined && { body }) })
    }
    for (const { ask, body, answer } of asks) {
      const told = await say(ask, body)
      expect([name, ask, told.status, told.headers.get('x-elastic-product')]).toEqual([name, ask, 200, 'Elasticsearch'])
      if (answer) expect(await told.json()).toMatchObject(answer)
    }
    const told = await say(bulk, documents.replaceAll('n":"', `n":"${name} `))
    const text = await told.text()
    expect(text).toContain('"errors":false,"items":[')
    expect(statusesIn(text)).toEqual([201, 201])
  }
  await isThere(2 * Object.keys(dialogues).length)
})

const statusesIn = (text: string) =>
  (JSON.parse(text) as { items: Record<string, { status: number }>[] }).items.flatMap((item) =>
    Object.values(item).map(({ status }) => status),
  )

it('tells a wrong password at the first question', async () => {
  expect((await collector.fetch('/', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401)
  expect((await fetch(`${collector.url}/_cat/health`)).status).toBe(200)
  const nowhere = await collector.fetch('/_search')
  expect([nowhere.status, nowhere.headers.get('x-elastic-product')]).toEqual([404, 'Elasticsearch'])
})
