/**
 * Starts a real Elasticsearch on this machine, for development:
 *
 *     npm run elasticsearch -- start [--edition 8] [--nodes 3] [--secure] [--port 9200] [--data FOLDER] [--heap 512m]
 *
 * Prints the addresses when it is ready and runs until Ctrl-C or SIGTERM. Without --data everything is removed at the end.
 */
import { parseArgs } from 'node:util'
import type { Edition } from './assemble.ts'
import { startElasticsearch, type LocalElasticsearchOptions } from './cluster.ts'

const usage = 'usage: npm run elasticsearch -- start [--edition 8] [--nodes 3] [--secure] [--port 9200] [--data FOLDER] [--heap 512m]'

function options(): LocalElasticsearchOptions {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      edition: { type: 'string', default: '9' },
      nodes: { type: 'string', default: '1' },
      secure: { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string' },
      heap: { type: 'string', default: '512m' },
    },
  })
  const heap = /^(\d+)([mg])$/.exec(values.heap)
  if (positionals.join(' ') !== 'start' || !heap) throw new Error(usage)
  return {
    edition: whole('--edition', values.edition, 8, 9) as Edition,
    nodes: whole('--nodes', values.nodes, 1, 9),
    secure: values.secure,
    heapMegabytes: Number(heap[1]) * (heap[2] === 'g' ? 1024 : 1),
    ...(values.port !== undefined && { port: whole('--port', values.port, 1, 65_535) }),
    ...(values.data !== undefined && { folder: values.data }),
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new Error(`${name} is a whole number from ${least} to ${most}, not ${text}.`)
}

async function main(): Promise<void> {
  const asked = options()
  console.log('Starting Elasticsearch (the first time its jars are fetched, 84 MB) ...')
  const starting = startElasticsearch(asked)
  const stop = () => {
    void starting.then(
      async (server) => {
        await server.stop()
        process.exit(0)
      },
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const { urls, entry } = await starting
  for (const url of urls) console.log(url)
  if (entry !== undefined) console.log(`user elastic, password ${entry.password}, CA file ${entry.caFile}`)
  console.log('Ready. Ctrl-C stops it.')
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
