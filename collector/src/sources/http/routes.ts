import { ElasticsearchEndpoint } from './elasticsearch/endpoint.ts'
import { EventsEndpoint } from './events.ts'
import type { Endpoint } from './exchange.ts'
import { JournaldEndpoint } from './journald/endpoint.ts'
import { OtlpEndpoint } from './otlp/endpoint.ts'
import type { Reception } from './reception.ts'

/** Which endpoint answers a path: what has no endpoint of its own is Elasticsearch's, whose paths are many. */
export function endpointsFor(reception: Reception): (path: string) => Endpoint {
  const elasticsearch = new ElasticsearchEndpoint(reception)
  const byPath = new Map<string, Endpoint>([
    ['/v1/events', new EventsEndpoint(reception)],
    ['/v1/logs', new OtlpEndpoint(reception)],
    ['/upload', new JournaldEndpoint(reception)],
  ])
  return (path) => byPath.get(path) ?? elasticsearch
}
