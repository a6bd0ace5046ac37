import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { assembleServer } from './assemble.ts'
import { LocalNode } from './node.ts'
import { findToolchain } from './toolchain.ts'

export interface LocalElasticsearchOptions {
  /** 1 by default. */
  readonly nodes?: number
  /** For each node; 512 by default. */
  readonly heapMegabytes?: number
  /** Where data is kept; a new folder by default, removed by `stop`. */
  readonly folder?: string
  /** Users, roles and API keys (over plain HTTP); off by default. */
  readonly secure?: boolean
  /** HTTP port of the first node, the others follow; free ports by default. */
  readonly port?: number
}

export interface LocalElasticsearch {
  /** One a node, such as `http://127.0.0.1:9200`. */
  readonly urls: readonly string[]
  /** Of the user `elastic`, where security is on. */
  readonly password: string | undefined
  /** Ends one node (counted from 0) and waits until it is gone; SIGKILL by default. */
  kill(node: number, signal?: NodeJS.Signals): Promise<void>
  /** Starts a node that was killed, on its old data and address, and waits until the cluster counts it and is yellow at least. */
  restart(node: number): Promise<void>
  stop(): Promise<void>
}

const startsWithinMs = 180_000

/**
 * Starts a real server, or a cluster, on 127.0.0.1 and waits until it is ready: for developers and tests, never for production. Throws
 * where Java or Maven are missing (`findToolchain` says so without starting anything) and where a node ends or is not ready in time.
 */
export async function startElasticsearch(options: LocalElasticsearchOptions = {}): Promise<LocalElasticsearch> {
  const tools = findToolchain()
  if ('missing' in tools) throw new Error(tools.missing)
  const home = await assembleServer(tools)
  const count = options.nodes ?? 1
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'vonggac-elasticsearch-')))
  const ports = await freePorts(count * 2)
  const httpPorts = ports.slice(0, count).map((port, n) => (options.port === undefined ? port : options.port + n))
  const transportPorts = ports.slice(count)
  const password = options.secure === true ? randomBytes(12).toString('hex') : undefined

  const names = httpPorts.map((_, n) => `node-${n + 1}`)
  const together = {
    'discovery.seed_hosts': transportPorts.map((port) => `127.0.0.1:${port}`).join(','),
    'cluster.initial_master_nodes': names.join(','),
  }
  const nodes = names.map((name, n) => {
    const settings = {
      'node.name': name,
      'cluster.name': 'vonggac-local',
      'network.host': '127.0.0.1',
      'http.port': String(httpPorts[n]),
      'transport.port': String(transportPorts[n]),
      // The data stands on a developer's disk, which is often almost full.
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      'action.destructive_requires_name': 'false',
      ...(count === 1 ? { 'discovery.type': 'single-node' } : together),
      ...security(password !== undefined),
    }
    return new LocalNode({
      home,
      jdk: tools.jdk,
      folder: join(folder, name),
      heapMegabytes: options.heapMegabytes ?? 512,
      settings,
      password,
    })
  })
  const urls = httpPorts.map((port) => `http://127.0.0.1:${port}`)

  const stop = async () => {
    await Promise.all(nodes.map((node) => node.end('SIGTERM')))
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const node of nodes) node.start()
    for (const [n, node] of nodes.entries()) await ready(node, urls[n]!, count, password)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    urls,
    password,
    kill: (node, signal = 'SIGKILL') => nodes[node]!.end(signal),
    restart: async (node) => {
      nodes[node]!.start()
      await ready(nodes[node]!, urls[node]!, nodes.filter(({ isRunning }) => isRunning).length, password)
    },
    stop,
  }
}

function security(on: boolean): Record<string, string> {
  if (!on) return { 'xpack.security.enabled': 'false' }
  return {
    'xpack.security.enabled': 'true',
    'xpack.security.autoconfiguration.enabled': 'false',
    'xpack.security.http.ssl.enabled': 'false',
    'xpack.security.transport.ssl.enabled': 'false',
  }
}

/** Asks until the node answers that all nodes are there and every first shard is; the security index comes a few seconds after the rest. */
async function ready(node: LocalNode, url: string, nodes: number, password: string | undefined): Promise<void> {
  const headers = password === undefined ? {} : { authorization: `Basic ${Buffer.from(`elastic:${password}`).toString('base64')}` }
  const health = `${url}/_cluster/health?wait_for_status=yellow&wait_for_nodes=>=${nodes}&timeout=5s`
  const giveUpAt = Date.now() + startsWithinMs
  for (;;) {
    const answer = await fetch(health, { headers }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    if (!node.isRunning) throw new Error(`Elasticsearch ended while it started:\n${node.lastWords()}`)
    if (Date.now() > giveUpAt) throw new Error(`Elasticsearch was not ready within ${startsWithinMs / 1000} s:\n${node.lastWords()}`)
    await pause(200)
  }
}

/** Held open together, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}
