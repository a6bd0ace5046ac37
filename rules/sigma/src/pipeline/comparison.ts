export const comparisonNames = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt'] as const
export type Comparison = (typeof comparisonNames)[number]

/** Compares as JavaScript does: numbers by size, texts by code units. */
export function compareBy<T extends string | number | boolean>(operator: Comparison, a: T, b: T): boolean {
  switch (operator) {
    case 'eq':
      return a === b
    case 'ne':
      return a !== b
    case 'gte':
      return a >= b
    case 'gt':
      return a > b
    case 'lte':
      return a <= b
    case 'lt':
      return a < b
  }
}
