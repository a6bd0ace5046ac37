import { ExpressionStore } from '../ir/canonical.ts'
import type { CompiledRule } from '../rule.ts'
import { NameTable } from './name-table.ts'
import { type Predicates, PredicatesBuilder } from './predicates.ts'
import { type Tree, TreeBuilder } from './rule-tree.ts'

/** Rules in the form that matching works on; index i is rule i. */
export interface CompiledSet {
  readonly fields: NameTable
  readonly predicates: Predicates
  readonly trees: readonly Tree[]
}

/** `moreFields` are known to the set although no rule names them. */
export function compileSet(rules: readonly CompiledRule[], moreFields: readonly string[]): CompiledSet {
  const fields = new NameTable()
  for (const field of moreFields) fields.add(field)
  const store = new ExpressionStore()
  const predicates = new PredicatesBuilder(fields)
  const builder = new TreeBuilder(predicates)
  const trees = rules.map((rule) => builder.treeOf(store.intern(rule.expression)))
  return { fields, predicates: predicates.build(), trees }
}
