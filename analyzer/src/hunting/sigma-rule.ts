import { randomUUID } from 'node:crypto'
import { say, VonggacError } from '@vonggac/contract'
import { toSigma } from '@vonggac/sigma'
import type { Clock, Handlers } from '../platform/index.ts'
import type { EventStore } from '../storage/event-store.ts'
import { readingOf } from './kql.ts'

/** Makes the text of a rule from a query: to be reviewed, given examples and put into a pack by whoever keeps the rules. */
export function sigmaRuleHandler({ events, clock }: { readonly events: EventStore; readonly clock: Clock }): Handlers['writeSigmaRule'] {
  return async ({ body: { query, title, description, severity, logsource, techniques } }, scope) => {
    const { category, product, service } = logsource
    const { where } = await readingOf(events, scope)(query, clock.now())
    const { text, problems } = toSigma(where, {
      title,
      id: randomUUID(),
      level: severity,
      author: scope.actor,
      date: clock.now().toISOString().slice(0, 10),
      ...(techniques.length > 0 ? { tags: techniques.map((technique) => `attack.${technique.toLowerCase()}`) } : {}),
      ...(description === '' ? {} : { description }),
      logSource: { ...(category ? { category } : {}), ...(product ? { product } : {}), ...(service ? { service } : {}) },
    })
    if (text !== undefined) return { yaml: text }
    const places = problems.map(({ message }) => ({ path: 'query', message }))
    throw new VonggacError('invalid-request', say('query-not-sigma', { problems: problems.map(({ message }) => message).join(' ') }), {
      places,
    })
  }
}
