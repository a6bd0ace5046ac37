import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tokenPath, type CollectorAddresses } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/** The collector as a process: killed under load, and told off for a wrong start. */
const main = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url))
/** VONGGAC_KILLS=100 for the whole measure. */
const kills = Number(process.env['VONGGAC_KILLS'] ?? 5)
let folder: string
let analyzer: NullAnalyzer
let child: ChildProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-crash-'))
  analyzer = await startNullAnalyzer()
})

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

async function writeConfig(change: (text: string) => string = (text) => text): Promise<string> {
  const text = `dataFolder: ${folder}
link: { port: ${analyzer.port} }
collector:
  syslog: { udpPort: 0, tcpPort: 0 }
  http: { port: 0 }
  metricsPort: 0
sources:
  - { id: app, name: { vi: a, en: a }, agency: attt, transport: http, parsers: [ecs-json] }
`
  const path = join(folder, 'vonggac.yml')
  await writeFile(path, change(text))
  return path
}

const run = (config: string) =>
  spawn(process.execPath, [main, '--config', config], {
    env: { PATH: process.env['PATH'], VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })

async function start(): Promise<CollectorAddresses> {
  child = run(await writeConfig())
  const [message] = (await once(child, 'message')) as [{ ready: true; addresses: CollectorAddresses }]
  return message.addresses
}

/** Exit code and what it said. */
async function fail(change: (text: string) => string): Promise<{ code: number; said: string }> {
  child = run(await writeConfig(change))
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, said: said.trim() }
}

it(
  'loses nothing it has answered for, and doubles nothing, over kill -9 under load',
  async () => {
    const answered = new Set<string>()
    let next = 0
    for (let round = 0; round < kills; round++) {
      const { http } = await start()
      const token = (await readFile(tokenPath(folder, 'app'), 'utf8')).trim()
      const sender = async () => {
        for (;;) {
          const ids = Array.from({ length: 50 }, () => String(next++))
          const body = ids.map((id) => `{"labels.n":"${id}"}`).join('\n')
          const answer = await fetch(`http://127.0.0.1:${http.port}/v1/events`, {
            method: 'POST',
            body,
            headers: { authorization: `Bearer ${token}` },
          })
          expect(answer.status).toBe(202)
          for (const id of ids) answered.add(id)
        }
      }
      const senders = Array.from({ length: 4 }, () => sender().catch(() => 'cut off'))
      await vi.waitFor(() => expect(answered.size).toBeGreaterThan((round + 1) * 500), { timeout: 15_000 })
      child!.kill('SIGKILL')
      await once(child!, 'exit')
      await Promise.all(senders)
    }
    await start()
    const stored = () => [...analyzer.events.values()].map((event) => String(event['labels.n']))
    await vi.waitFor(() => expect(stored().filter((id) => answered.has(id))).toHaveLength(answered.size), {
      timeout: 15_000,
      interval: 100,
    })
    expect(new Set(stored()).size).toBe(analyzer.events.size)
    if (kills > 5) console.log(`${kills} kills: ${answered.size} events answered for, ${analyzer.events.size} stored, each once`)
    child!.kill('SIGTERM')
    expect(await once(child!, 'exit')).toEqual([0, null])

    // A repeat has the boundaries of what it repeats, and together they leave no gap.
    const ranges = new Map(analyzer.batches.map(({ first, last }) => [first, last]))
    for (const { first, last } of analyzer.batches) expect(ranges.get(first)).toBe(last)
    const firsts = [...ranges.keys()].toSorted((a, b) => a - b)
    expect(firsts.slice(1)).toEqual(firsts.slice(0, -1).map((first) => ranges.get(first)! + 1))
  },
  30_000 + kills * 6_000,
)

it('says in a sentence what is wrong and exits with a code of its own', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  expect(await fail((text) => text.replace('tcpPort: 0', `tcpPort: ${port}`))).toEqual({
    code: 3,
    said: `Port ${port} on 127.0.0.1 is in use: stop the program that holds it, or set collector.syslog.tcpPort to another port.`,
  })
  holder.close()
  const misspelt = await fail((text) => text.replace('metricsPort', 'metricPort'))
  expect(misspelt).toEqual({ code: 2, said: expect.stringMatching(/vonggac\.yml:6: collector\.metricPort: /) })
  const noParser = await fail((text) => text.replace('ecs-json', 'ecs-jsn'))
  expect(noParser).toEqual({
    code: 2,
    said: expect.stringMatching(/^sources\.0\.parsers\.0: there is no parser "ecs-jsn"; parsers are: .*\becs-json\b/),
  })
  await writeFile(join(folder, 'file'), '')
  const noFolder = await fail((text) => text.replace(`dataFolder: ${folder}`, `dataFolder: ${folder}/file`))
  expect(noFolder).toEqual({ code: 4, said: expect.stringContaining(`The folder ${folder}/file cannot be written`) })
})
