import type { DeclaredSource, SourceConfig } from '@vonggac/contract'

/** Every source that there is: those of `vonggac.yml`, which go first, and those that were registered in the console. */
export class SourceCatalogue {
  readonly declared: readonly DeclaredSource[]
  #all: readonly DeclaredSource[]

  constructor(declared: readonly DeclaredSource[]) {
    this.declared = declared
    this.#all = declared
  }

  get all(): readonly DeclaredSource[] {
    return this.#all
  }

  isDeclared(id: string): boolean {
    return this.declared.some((source) => source.id === id)
  }

  replaceRegistered(sources: readonly SourceConfig[]): void {
    this.#all = [...this.declared, ...sources.filter(({ id }) => !this.isDeclared(id))]
  }
}
