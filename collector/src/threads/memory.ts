/**
 * Memory of one size that goes to a thread and comes back. Megabytes that are allocated anew with each batch are megabytes whose pages the kernel has to
 * clear and whose end the garbage collector has to find. There is as much of it as was ever away at once; pages that nobody wrote to take no room.
 */
export class SpareMemory {
  readonly #size: number
  readonly #kept: ArrayBuffer[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** With whatever stands in it; larger than usual when more is needed. */
  take(least = 0): ArrayBuffer {
    return least > this.#size ? new ArrayBuffer(least) : (this.#kept.pop() ?? new ArrayBuffer(this.#size))
  }

  /** Nobody reads it any more. */
  give(memory: ArrayBuffer): void {
    if (memory.byteLength === this.#size) this.#kept.push(memory)
  }
}
