import { textOf, together, type Said } from '@vonggac/contract'

/** Something in the configuration that only the collector can see to be wrong. `path` is the place in `vonggac.yml`. */
export class SourceMistake extends Error {
  readonly path: string
  /** The message, with the codes of what is wrong. */
  readonly said: Said

  constructor(path: string, what: Said) {
    const said = together(`${path}:`, what)
    super(textOf(said))
    this.name = 'SourceMistake'
    this.path = path
    this.said = said
  }
}
