import { VonggacError } from '@vonggac/contract'
import { storeFailed, type Connection } from './connection.ts'

interface Waiting {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Work in one transaction; more of it would hold the thread for too long. */
const maxTogether = 256

/**
 * Changes asked for in the same turn of the event loop share one transaction, and so one flush to the disk. Each is a
 * savepoint: where one throws, only it is undone. A promise settles when the transaction is durable.
 */
export class GroupCommit {
  readonly #connection: Connection
  #waiting: Waiting[] = []
  #closed = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(new VonggacError('store-failed', 'The document store is closed.'))
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#commit())
    })
  }

  /** Commits what waits, and takes no more. */
  close(): void {
    this.#closed = true
    while (this.#waiting.length > 0) this.#commit()
  }

  #commit(): void {
    const together = this.#waiting.splice(0, maxTogether)
    const settle: (() => void)[] = []
    try {
      if (together.length > 0) this.#connection.transaction(() => together.forEach((waiting) => settle.push(this.#attempt(waiting))))
      settle.forEach((answer) => answer())
    } catch (error) {
      together.forEach(({ reject }) => reject(storeFailed('cannot write', error)))
    }
    if (this.#waiting.length > 0 && !this.#closed) setImmediate(() => this.#commit())
  }

  #attempt({ work, resolve, reject }: Waiting): () => void {
    try {
      const result = this.#connection.savepoint(work)
      return () => resolve(result)
    } catch (error) {
      if (!this.#connection.inTransaction) throw error
      return () => reject(error)
    }
  }
}
