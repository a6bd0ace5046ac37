import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { statusOf, type Entry } from './ask.ts'
import { assembleServer, type Edition } from './assemble.ts'
import { makeCertificate, type NodeCertificate } from './certificate.ts'
import { LocalNode } from './node.ts'
import { findToolchain } from './toolchain.ts'

export interface LocalElasticsearchOptions {
  /** 9 by default. */
  readonly edition?: Edition
  /** 1 by default. */
  readonly nodes?: number
  /** For each node; 512 by default. */
  readonly heapMegabytes?: number
  /** Where data is kept; a new folder by default, removed by `stop`. */
  readonly folder?: string
  /** TLS with a certificate of the cluster's own authority, users, roles and API keys; off by default. Edition 9 only. */
  readonly secure?: boolean
  /** HTTP port of the first node, the others follow; free ports by default. */
  readonly port?: number
}

export interface LocalElasticsearch {
  /** One a node, such as `http://127.0.0.1:9200`; with `https` where security is on. */
  readonly urls: readonly string[]
  /** Where security is on: how to get in as the user `elastic`. */
  readonly entry: Entry | undefined
  /** Ends one node (counted from 0) and waits until it is gone; SIGKILL by default. */
  kill(node: number, signal?: NodeJS.Signals): Promise<void>
  /** Starts a node that was killed, on its old data and address, and waits until the cluster counts it and is yellow at least. */
  restart(node: number): Promise<void>
  stop(): Promise<void>
}

const startsWithinMs = 180_000
const address = '127.0.0.1'

/**
 * Starts a real server, or a cluster, on 127.0.0.1 and waits until it is ready: for developers and tests, never for production. Throws
 * where Java or Maven are missing (`findToolchain` says so without starting anything) and where a node ends or is not ready in time.
 */
export async function startElasticsearch(options: LocalElasticsearchOptions = {}): Promise<LocalElasticsearch> {
  const tools = findToolchain()
  if ('missing' in tools) throw new Error(tools.missing)
  const { edition = 9 } = options
  if (options.secure === true && edition !== 9) throw new Error(`Of Elasticsearch ${edition}, security is not published: start 9.`)
  const home = await assembleServer(tools, edition)
  const count = options.nodes ?? 1
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'vonggac-elasticsearch-')))
  const ports = await freePorts(count * 2)
  const httpPorts = ports.slice(0, count).map((port, n) => (options.port === undefined ? port : options.port + n))
  const transportPorts = ports.slice(count)
  mkdirSync(folder, { recursive: true })
  const certificate = options.secure === true ? await makeCertificate(folder, address) : undefined
  const entry = certificate && { password: randomBytes(12).toString('hex'), caFile: certificate.authority }

  const names = httpPorts.map((_, n) => `node-${n + 1}`)
  const together = {
    'discovery.seed_hosts': transportPorts.map((port) => `${address}:${port}`).join(','),
    'cluster.initial_master_nodes': names.join(','),
  }
  const nodes = names.map((name, n) => {
    const settings = {
      'node.name': name,
      'cluster.name': 'vonggac-local',
      'network.host': address,
      'http.port': String(httpPorts[n]),
      'transport.port': String(transportPorts[n]),
      // The data stands on a developer's disk, which is often almost full.
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      'action.destructive_requires_name': 'false',
      ...(count === 1 ? { 'discovery.type': 'single-node' } : together),
      ...(edition === 9 && security(certificate)),
    }
    return new LocalNode({
      home,
      jdk: tools.jdk,
      folder: join(folder, name),
      heapMegabytes: options.heapMegabytes ?? 512,
      settings,
      password: entry?.password,
    })
  })
  const urls = httpPorts.map((port) => `${entry === undefined ? 'http' : 'https'}://${address}:${port}`)

  const stop = async () => {
    await Promise.all(nodes.map((node) => node.end('SIGTERM')))
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const node of nodes) node.start()
    for (const [n, node] of nodes.entries()) await ready(node, urls[n]!, count, entry)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    urls,
    entry,
    kill: (node, signal = 'SIGKILL') => nodes[node]!.end(signal),
    restart: async (node) => {
      nodes[node]!.start()
      await ready(nodes[node]!, urls[node]!, nodes.filter(({ isRunning }) => isRunning).length, entry)
    },
    stop,
  }
}

function security(certificate: NodeCertificate | undefined): Record<string, string> {
  if (certificate === undefined) return { 'xpack.security.enabled': 'false' }
  return {
    'xpack.security.enabled': 'true',
    'xpack.security.autoconfiguration.enabled': 'false',
    'xpack.security.http.ssl.enabled': 'true',
    'xpack.security.http.ssl.certificate': certificate.certificate,
    'xpack.security.http.ssl.key': certificate.key,
    'xpack.security.transport.ssl.enabled': 'false',
  }
}

/** Asks until the node answers that all nodes are there and every first shard is; the security index comes a few seconds after the rest. */
async function ready(node: LocalNode, url: string, nodes: number, entry: Entry | undefined): Promise<void> {
  const health = `${url}/_cluster/health?wait_for_status=yellow&wait_for_nodes=>=${nodes}&timeout=5s`
  const giveUpAt = Date.now() + startsWithinMs
  for (;;) {
    if ((await statusOf(health, entry)) === 200) return
    if (!node.isRunning) throw new Error(`Elasticsearch ended while it started:\n${node.lastWords()}`)
    if (Date.now() > giveUpAt) throw new Error(`Elasticsearch was not ready within ${startsWithinMs / 1000} s:\n${node.lastWords()}`)
    await pause(200)
  }
}

/** Held open together, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, address))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}
