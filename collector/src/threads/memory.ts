/**
 * Memory of one size that a thread is given and that comes back. Megabytes that are allocated anew with each batch are megabytes whose pages the kernel has
 * to clear and whose end the garbage collector has to find. It is shared memory, because V8 counts no shared memory as a thread's own: what is handed over
 * makes the collector of whoever receives it begin anew each time. There is as much of it as was ever away at once; pages that nobody wrote to take no room.
 */
export class SpareMemory {
  readonly #size: number
  readonly #kept: SharedArrayBuffer[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** With whatever stands in it; larger than usual when more is needed. */
  take(least = 0): SharedArrayBuffer {
    return least > this.#size ? new SharedArrayBuffer(least) : (this.#kept.pop() ?? new SharedArrayBuffer(this.#size))
  }

  /** Nobody reads it any more. */
  give(memory: SharedArrayBuffer): void {
    if (memory.byteLength === this.#size) this.#kept.push(memory)
  }
}
