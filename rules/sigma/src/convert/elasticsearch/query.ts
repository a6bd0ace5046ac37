/** A query of Elasticsearch's query DSL, as JSON. */
export type ElasticsearchQuery = Readonly<Record<string, unknown>>

export const everything: ElasticsearchQuery = { match_all: {} }
export const nothing: ElasticsearchQuery = { match_none: {} }

export function allOf(members: readonly ElasticsearchQuery[]): ElasticsearchQuery {
  if (members.length < 2) return members[0] ?? everything
  return { bool: { filter: members } }
}

export function anyOf(members: readonly ElasticsearchQuery[]): ElasticsearchQuery {
  if (members.length < 2) return members[0] ?? nothing
  return { bool: { should: members, minimum_should_match: 1 } }
}

export function not(member: ElasticsearchQuery): ElasticsearchQuery {
  return { bool: { must_not: [member] } }
}
