/** Splits an expression into selections with readable names and a condition over them. */
import type { Expression } from '../../ir/expression.ts'
import { anyText } from '../../ir/expression.ts'
import { type Selection, selectionOf } from './selection.ts'
import { membersOf } from './simplify.ts'

export interface Body {
  readonly selections: ReadonlyMap<string, Selection['detection']>
  readonly condition: string
}

/** The body of a rule. Throws `Unsayable`. */
export function bodyOf(expression: Expression): Body {
  const placed: Placed[] = []
  const tree = split(expression, false, placed)
  const names = nameAll(placed)
  return { selections: new Map(placed.map((one) => [names.get(one) as string, one.selection.detection])), condition: render(tree, names) }
}

interface Placed {
  readonly selection: Selection
  /** It says what is not wanted. */
  readonly filters: boolean
}

type Tree = Placed | { readonly not: Tree } | { readonly join: 'and' | 'or'; readonly of: readonly Tree[] }

function split(expression: Expression, filters: boolean, placed: Placed[]): Tree {
  const selection = selectionOf(expression)
  if (selection !== undefined) {
    const one: Placed = { selection, filters }
    placed.push(one)
    return one
  }
  if ('not' in expression) return { not: split(expression.not, !filters, placed) }
  const kind = 'all' in expression ? 'all' : 'any'
  const parts = gathered(membersOf(expression, kind) ?? [], kind).map((part) => split(part, filters, placed))
  const [only, ...more] = parts
  return only !== undefined && more.length === 0 ? only : { join: kind === 'all' ? 'and' : 'or', of: parts }
}

/** Members that fit into one selection together become one part; every other member is a part of its own. */
function gathered(members: readonly Expression[], kind: 'all' | 'any'): readonly Expression[] {
  const together: Expression[] = []
  const apart: Expression[] = []
  for (const member of members) (fits(member, together, kind) ? together : apart).push(member)
  if (together.length === 0) return apart
  return [together.length === 1 ? (together[0] as Expression) : joinedBy(kind, together), ...apart]
}

/** Alternatives always make a list together. What must hold together is one map, if no key stands in it twice; a list of maps stays by itself. */
function fits(member: Expression, together: readonly Expression[], kind: 'all' | 'any'): boolean {
  const selection = selectionOf(member)
  if (selection === undefined || kind === 'any') return selection !== undefined
  return selection.fields.length === 1 && selectionOf(joinedBy('all', [...together, member])) !== undefined
}

function joinedBy(kind: 'all' | 'any', members: readonly Expression[]): Expression {
  return kind === 'all' ? { all: members } : { any: members }
}

/** `selection` and `filter`; where there are several, those of one field with its name. */
function nameAll(placed: readonly Placed[]): ReadonlyMap<Placed, string> {
  const names = new Map<Placed, string>()
  const taken = new Set<string>()
  for (const one of placed) {
    const base = one.filters ? 'filter' : 'selection'
    const alone = placed.filter(({ filters }) => filters === one.filters).length === 1
    const [field = '', ...more] = one.selection.fields
    const wanted = alone || more.length > 0 ? base : `${base}_${suffix(field)}`.replace(/_$/, '')
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
    taken.add(name)
    names.set(one, name)
  }
  return names
}

function suffix(field: string): string {
  if (field === anyText) return 'keywords'
  return field
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 40)
}

function render(tree: Tree, names: ReadonlyMap<Placed, string>): string {
  if ('selection' in tree) return names.get(tree) as string
  if ('not' in tree) return `not ${nested(tree.not, names)}`
  return tree.of.map((part) => nested(part, names)).join(` ${tree.join} `)
}

function nested(tree: Tree, names: ReadonlyMap<Placed, string>): string {
  const text = render(tree, names)
  return 'selection' in tree || 'not' in tree ? text : `(${text})`
}
