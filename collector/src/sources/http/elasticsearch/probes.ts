/** What shippers ask before they send, and what they are told: enough that each goes on to `_bulk`. */

/** An answer; no body for HEAD. */
export interface ProbeAnswer {
  readonly status: number
  readonly body: unknown
}

export interface ProbeRequest {
  readonly method: string
  /** Below the prefix, with a leading slash. */
  readonly path: string
  readonly query: URLSearchParams
  readonly userAgent: string
  /** By which the sender reaches us: host and port. */
  readonly host: string
}

const name = 'vonggac'
/** For those that do not say theirs. */
const usualVersion = '8.17.0'
const license = { uid: '00000000-0000-0000-0000-000000000000', type: 'basic', mode: 'basic', status: 'active' }

/** A shipper refuses a server that is older than itself: so the server is as old as the shipper. */
export function versionFor(userAgent: string): string {
  const named = /(?:^|[\s-])(?:\w+beat|logstash|elastic[\w-]*)\/(\d+\.\d+\.\d+)/i.exec(userAgent)
  return named?.[1] ?? usualVersion
}

/** `undefined` for what is none of them. */
export function answerProbe(request: ProbeRequest): ProbeAnswer | undefined {
  const { method, path } = request
  const reads = method === 'GET' || method === 'HEAD'
  if (reads) {
    const told = statements[path]
    if (told) return { status: 200, body: told(request) }
  }
  const asset = /^\/(_index_template|_template|_component_template|_ilm\/policy|_ingest\/pipeline|_data_stream|_alias)\/([^/]+)$/.exec(path)
  if (asset && reads) return { status: 200, body: assets[asset[1]!]!(asset[2]!) }
  if (asset && (method === 'PUT' || method === 'POST')) return { status: 200, body: { acknowledged: true } }
  // An index of its own, which some shippers make or look for first.
  if (/^\/[^_/][^/]*$/.test(path) && method === 'HEAD') return { status: 200, body: undefined }
  if (/^\/[^_/][^/]*$/.test(path) && method === 'PUT') return { status: 200, body: { acknowledged: true, shards_acknowledged: true } }
  return undefined
}

const statements: Readonly<Record<string, (request: ProbeRequest) => unknown>> = {
  '/': ({ userAgent }) => ({
    name,
    cluster_name: name,
    cluster_uuid: name,
    version: {
      number: versionFor(userAgent),
      build_flavor: 'default',
      build_type: 'tar',
      build_hash: '0000000',
      build_date: '2024-01-01T00:00:00.000Z',
      build_snapshot: false,
      lucene_version: '9.12.0',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0',
    },
    tagline: 'You Know, for Search',
  }),
  '/_license': () => ({ license }),
  '/_xpack': () => ({
    license,
    features: { ilm: { available: true, enabled: true }, security: { available: true, enabled: true } },
    tagline: 'You know, for X',
  }),
  '/_cluster/health': () => health,
  '/_cat/health': ({ query }) =>
    query.get('format') === 'json'
      ? [health]
      : `${Math.floor(Date.now() / 1000)} ${new Date().toISOString().slice(11, 19)} ${name} green 1 1 0 0 0 0 0 0 - 100.0%\n`,
  '/_nodes/http': ({ host, userAgent }) => ({
    _nodes: { total: 1, successful: 1, failed: 0 },
    cluster_name: name,
    nodes: {
      [name]: {
        name,
        version: versionFor(userAgent),
        roles: ['data', 'ingest', 'master'],
        http: { bound_address: [host], publish_address: host },
      },
    },
  }),
}

const health = {
  cluster_name: name,
  cluster: name,
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 0,
  active_shards: 0,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
}

/** What a shipper would set up is there already, whatever its name: nothing here depends on it. */
const assets: Readonly<Record<string, (asset: string) => unknown>> = {
  _index_template: (asset) => ({ index_templates: [{ name: asset, index_template: { index_patterns: [`${asset}*`], composed_of: [] } }] }),
  _template: (asset) => ({ [asset]: { order: 0, index_patterns: [`${asset}*`], settings: {}, mappings: {}, aliases: {} } }),
  _component_template: (asset) => ({ component_templates: [{ name: asset, component_template: { template: {} } }] }),
  '_ilm/policy': (asset) => ({ [asset]: { version: 1, policy: { phases: {} } } }),
  '_ingest/pipeline': (asset) => ({ [asset]: { processors: [] } }),
  _data_stream: (asset) => ({ data_streams: [{ name: asset, status: 'GREEN', template: asset, indices: [] }] }),
  _alias: (asset) => ({ [asset]: { aliases: { [asset]: { is_write_index: true } } } }),
}
