import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenPath } from '@vonggac/collector'
import { expect, it, onTestFinished } from 'vitest'
import { KilledCollector, spawnCollector } from '../support/killed-collector.ts'

/** The collector as a process: killed under load, and told off for a wrong start. VONGGAC_KILLS=100 for the whole measure. */
const kills = Number(process.env['VONGGAC_KILLS'] ?? 5)

it(
  'loses nothing it has answered for, and doubles nothing, over kill -9 under load',
  async () => {
    const collector = await KilledCollector.make({}, [{ id: 'app', transport: 'http', parsers: ['ecs-json'] }])
    onTestFinished(() => collector.remove())
    const { analyzer } = collector
    const answered = new Set<string>()
    let next = 0
    for (let round = 0; round < kills; round++) {
      const { http } = await collector.start()
      const token = (await readFile(tokenPath(collector.folder, 'app'), 'utf8')).trim()
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
      await expect.poll(() => answered.size).toBeGreaterThan((round + 1) * 500)
      await collector.kill()
      await Promise.all(senders)
    }
    await collector.start()
    const stored = () => [...analyzer.events.values()].map((event) => String(event['labels.n']))
    await expect.poll(() => stored().filter((id) => answered.has(id))).toHaveLength(answered.size)
    expect(new Set(stored()).size).toBe(analyzer.events.size)
    if (kills > 5) console.log(`${kills} kills: ${answered.size} events answered for, ${analyzer.events.size} stored, each once`)
    expect(await collector.stop()).toBe(0)

    // A repeat has the boundaries of what it repeats, and together they leave no gap.
    const ranges = new Map(analyzer.batches.map(({ first, last }) => [first, last]))
    for (const { first, last } of analyzer.batches) expect(ranges.get(first)).toBe(last)
    const firsts = [...ranges.keys()].toSorted((a, b) => a - b)
    expect(firsts.slice(1)).toEqual(firsts.slice(0, -1).map((first) => ranges.get(first)! + 1))
  },
  60_000 + kills * 15_000,
)

it('says in a sentence what is wrong and exits with a code of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-mistakes-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const text = `dataFolder: ${folder}
link: { port: 1 }
collector:
  syslog: { udpPort: 0, tcpPort: 0 }
  http: { port: 0 }
  metricsPort: 0
sources:
  - { id: app, name: { vi: a, en: a }, agency: attt, transport: http, parsers: [ecs-json] }
`
  /** Exit code and what it said. */
  const fail = async (change: (text: string) => string): Promise<{ code: number; said: string }> => {
    const path = join(folder, 'vonggac.yml')
    await writeFile(path, change(text))
    const child = spawnCollector(path, 'pipe')
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (more: string) => (said += more))
    const [code] = (await once(child, 'close')) as [number]
    return { code, said: said.trim() }
  }
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  expect(await fail((right) => right.replace('tcpPort: 0', `tcpPort: ${port}`))).toEqual({
    code: 3,
    said: `Port ${port} on 127.0.0.1 is in use: stop the program that holds it, or set collector.syslog.tcpPort to another port.`,
  })
  holder.close()
  const misspelt = await fail((right) => right.replace('metricsPort', 'metricPort'))
  expect(misspelt).toEqual({ code: 2, said: expect.stringMatching(/vonggac\.yml:6: collector\.metricPort: /) })
  const noParser = await fail((right) => right.replace('ecs-json', 'ecs-jsn'))
  expect(noParser).toEqual({
    code: 2,
    said: expect.stringMatching(/^sources\.0\.parsers\.0: there is no parser "ecs-jsn"; parsers are: .*\becs-json\b/),
  })
  await writeFile(join(folder, 'file'), '')
  const noFolder = await fail((right) => right.replace(`dataFolder: ${folder}`, `dataFolder: ${folder}/file`))
  expect(noFolder).toEqual({ code: 4, said: expect.stringContaining(`The folder ${folder}/file cannot be written`) })
})
