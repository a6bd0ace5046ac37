import type { Metadata } from '../rule.ts'

/** What every rule says of itself, for tests where it does not matter. */
export function testMetadata(id: string): Metadata {
  return {
    id,
    title: id,
    level: 'low',
    status: 'test',
    references: [],
    tags: [],
    falsePositives: [],
    fields: [],
    custom: {},
    file: `${id}.yml`,
    line: 1,
  }
}
