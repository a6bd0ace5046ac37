import { ExpressionStore } from '../ir/canonical.ts'
import { fieldsIn } from '../ir/expression.ts'
import type { CompiledRule } from '../rule.ts'
import { NameTable } from './name-table.ts'
import { type Predicates, PredicatesBuilder } from './predicates.ts'
import { type Tree, TreeBuilder } from './rule-tree.ts'

/**
 * Rules in the form that matching works on, made of them when the first event comes that they apply to: most of a large rule set is for
 * log sources that a site does not have. Predicates keep their numbers when others are added.
 */
export class CompiledSet {
  /** All fields that the rules name, and `moreFields`. */
  readonly fields = new NameTable()
  /** By rule; undefined where it is not compiled. */
  readonly trees: (Tree | undefined)[]
  readonly #rules: readonly CompiledRule[]
  readonly #store = new ExpressionStore()
  readonly #builder: PredicatesBuilder
  readonly #trees: TreeBuilder
  #predicates: Predicates

  constructor(rules: readonly CompiledRule[], moreFields: readonly string[]) {
    this.#rules = rules
    this.trees = rules.map(() => undefined)
    for (const field of moreFields) this.fields.add(field)
    for (const rule of rules) for (const field of fieldsIn(rule.expression)) this.fields.add(field)
    this.#builder = new PredicatesBuilder(this.fields)
    this.#trees = new TreeBuilder(this.#store, this.#builder)
    this.#predicates = this.#builder.build()
  }

  /** The predicates of the rules compiled so far. */
  get predicates(): Predicates {
    return this.#predicates
  }

  /** Compiles those of the rules that are not yet. */
  compile(rules: Int32Array): void {
    for (const rule of rules) this.trees[rule] ??= this.#trees.treeOf(this.#store.intern(this.#rules[rule]!.expression))
    if (this.#builder.count > this.#predicates.count) this.#predicates = this.#builder.build()
  }
}
