/** Something in the configuration that only the collector can see to be wrong. `path` is the place in `vonggac.yml`. */
export class SourceMistake extends Error {
  readonly path: string

  constructor(path: string, message: string) {
    super(`${path}: ${message}`)
    this.name = 'SourceMistake'
    this.path = path
  }
}
