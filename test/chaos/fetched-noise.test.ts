import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { below, brokenJson, malformed, noise, oneOf, patience } from '../support/noise.ts'
import { expectCounted, NoisyCollector } from '../support/noisy-collector.ts'

/** Malformed frames in what the collector fetches by itself, files and lists: no crash, bounded memory, each counted. */
let collector: NoisyCollector | undefined
const undo: (() => unknown)[] = []

afterEach(async () => {
  await collector?.process.remove()
  collector = undefined
  for (const step of undo.splice(0)) await step()
})

it(
  'files',
  async () => {
    const keptBytes = 2_048
    const folder = await mkdtemp(join(tmpdir(), 'vonggac-file-noise-'))
    undo.push(() => rm(folder, { recursive: true }))
    const share = Math.ceil(malformed / 4)
    const lines = (count: number) =>
      Array.from({ length: count }, () => `${oneOf([() => noise(200), () => brokenJson(keptBytes)])()}.\n`).join('')
    const counts = [share, share, share, malformed - 3 * share]
    for (const [index, count] of counts.entries()) {
      const text = Buffer.from(lines(count), 'latin1')
      await writeFile(join(folder, `noise-${index}.log${index === 3 ? '.gz' : ''}`), index === 3 ? gzipSync(text) : text)
    }
    // What says that it is packed and is not holds no line; it is told of.
    await writeFile(join(folder, 'broken.log.gz'), Buffer.from(`\u001f\u008b${noise(200)}`, 'latin1'))
    const source = {
      id: 'tep',
      transport: 'file',
      parsers: ['ecs-json', 'nginx'],
      paths: [join(folder, '*.log*')],
      maxLineBytes: keptBytes,
    }
    collector = await NoisyCollector.start({ files: { folders: [folder] } }, [source])
    await expectCounted(collector, 'tep', { frames: malformed, keptBytes })
    const trouble = () => collector!.process.analyzer.counters?.trouble.map(({ message }) => message).join()
    await expect.poll(trouble).toContain('broken.log.gz')
  },
  patience,
)

it(
  'a polled list',
  async () => {
    const keptBytes = 262_144
    const itemsAPage = 1_000
    let asked = 0
    const list = createServer((request, response) => {
      asked++
      // The first answers are none.
      if (asked === 1) return void response.end(noise(500))
      if (asked === 2) return void response.end('{"items":[]}')
      const page = Number(new URL(request.url!, 'http://list').searchParams.get('page') ?? 0)
      const first = page * itemsAPage
      const count = Math.max(0, Math.min(itemsAPage, malformed - first))
      if (count > 0) response.setHeader('link', `</?page=${page + 1}>; rel="next"`)
      response.end(`[${Array.from({ length: count }, (_, n) => item(first + n)).join(',')}]`)
    })
    await new Promise<void>((resolve) => list.listen(0, '127.0.0.1', resolve))
    undo.push(() => {
      list.closeAllConnections()
      list.close()
    })
    const url = `http://127.0.0.1:${(list.address() as AddressInfo).port}/`
    const source = {
      id: 'api',
      transport: 'poll',
      parsers: ['ecs-json'],
      url,
      everySeconds: 1,
      mostRequestsPerMinute: 6_000,
      cursor: { kind: 'link' },
    }
    collector = await NoisyCollector.start({}, [source])
    await expectCounted(collector, 'api', { frames: malformed, keptBytes })
    expect(asked).toBeGreaterThan(malformed / itemsAPage)
  },
  patience,
)

/** JSON that nobody would call an event; two of them are never the same, or they would be known as one. */
function item(n: number): string {
  const depth = 1 + below(300)
  return oneOf([
    () => `${n}`,
    () => JSON.stringify(`${noise(60)}${n}`),
    () => `${'['.repeat(depth)}${n}${']'.repeat(depth)}`,
    () => `${'{"a":'.repeat(depth)}${n}${'}'.repeat(depth)}`,
    () => JSON.stringify({ [noise(60)]: n }),
    () => `{"__proto__":{"constructor":${n}}}`,
    () => JSON.stringify({ '@timestamp': [n], 'event.id': {}, '': null }),
    () => (below(50) === 0 ? JSON.stringify(`${n}${'x'.repeat(300_000)}`) : `[null,${n}]`),
  ])()
}
