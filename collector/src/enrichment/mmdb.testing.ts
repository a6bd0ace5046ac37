import { parseNetwork } from './address.ts'

type Value = string | number | { readonly [key: string]: Value }

/** A small file in MaxMind's format (https://maxmind.github.io/MaxMind-DB/) of IPv4 networks that do not overlap. */
export function mmdbOf(rows: readonly (readonly [network: string, value: Value])[]): Buffer {
  type Node = [Node | number | undefined, Node | number | undefined]
  const root: Node = [undefined, undefined]
  const data: Buffer[] = []
  let dataBytes = 0
  for (const [text, value] of rows) {
    const network = parseNetwork(text)
    if (network?.family !== 4) throw new Error(`${text} is no IPv4 network`)
    const bits = 32 - Math.log2(network.last - network.first + 1)
    let node = root
    for (let depth = 0; depth < bits; depth++) {
      const side = Math.floor(network.first / 2 ** (31 - depth)) % 2
      if (depth === bits - 1) node[side] = dataBytes
      else node = (node[side] ??= [undefined, undefined]) as Node
    }
    const written = encoded(value)
    data.push(written)
    dataBytes += written.length
  }
  const nodes: Node[] = []
  const number = (node: Node) => {
    nodes.push(node)
    for (const child of node) if (Array.isArray(child)) number(child)
  }
  number(root)
  const tree = Buffer.alloc(nodes.length * 6)
  for (const [index, node] of nodes.entries()) {
    for (const [side, child] of node.entries()) {
      const record = child === undefined ? nodes.length : Array.isArray(child) ? nodes.indexOf(child) : nodes.length + 16 + child
      tree.writeUIntBE(record, index * 6 + side * 3, 3)
    }
  }
  const metadata = encoded({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: 'test',
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'), metadata])
}

const [string, map, uint32] = [2, 7, 6]

/** A type and a size below 29 in one byte, and the bytes. */
function encoded(value: Value): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5)
    bytes.writeUInt8((uint32 << 5) | 4)
    bytes.writeUInt32BE(value, 1)
    return bytes
  }
  if (typeof value === 'string') return withSize(string, Buffer.from(value))
  const entries = Object.entries(value)
  return Buffer.concat([Buffer.of((map << 5) | entries.length), ...entries.flatMap(([key, inner]) => [encoded(key), encoded(inner)])])
}

function withSize(type: number, bytes: Buffer): Buffer {
  const head = bytes.length < 29 ? Buffer.of((type << 5) | bytes.length) : Buffer.of((type << 5) | 29, bytes.length - 29)
  return Buffer.concat([head, bytes])
}
