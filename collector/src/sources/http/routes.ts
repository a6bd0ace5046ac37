import type { Logger } from 'pino'
import { ElasticsearchEndpoint } from './elasticsearch/endpoint.ts'
import { EventsEndpoint } from './events.ts'
import type { Endpoint } from './exchange.ts'
import { OtlpEndpoint } from './otlp/endpoint.ts'
import type { Reception } from './reception.ts'

/** Which endpoint answers a path: what has no endpoint of its own is Elasticsearch's, whose paths are many. */
export function endpointsFor(reception: Reception, _log: Logger): (path: string) => Endpoint {
  const events = new EventsEndpoint(reception)
  const elasticsearch = new ElasticsearchEndpoint(reception)
  const otlp = new OtlpEndpoint(reception)
  const byPath = new Map<string, Endpoint>([
    ['/v1/events', events],
    ['/v1/logs', otlp],
  ])
  return (path) => byPath.get(path) ?? elasticsearch
}
