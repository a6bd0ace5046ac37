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
 * Changes asked for in the same turn of the event loop, or while an earlier transaction is being flushed, share one transaction and one
 * flush to the disk. Each is a savepoint: where one throws, only it is undone. A promise settles when its transaction is durable.
 */
export class GroupCommit {
  readonly #connection: Connection
  #waiting: Waiting[] = []
  #committing: Promise<void> | undefined
  #closed = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(new VonggacError('store-failed', 'The document store is closed.'))
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  /** Commits what waits, and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#committing
  }

  async #commitAll(): Promise<void> {
    // At the end of this turn, so that its other changes come along.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, maxTogether))
    this.#committing = undefined
  }

  async #commit(together: readonly Waiting[]): Promise<void> {
    const settle: (() => void)[] = []
    try {
      this.#connection.transaction(() => together.forEach((waiting) => settle.push(this.#attempt(waiting))))
      await this.#connection.flush()
      settle.forEach((answer) => answer())
    } catch (error) {
      together.forEach(({ reject }) => reject(storeFailed('cannot write', error)))
    }
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
