import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const maxBytes = 10 * 1024 * 1024
const kept = 4

/** A log file that starts anew at 10 MB; the four before it are kept as `.1` to `.4`. */
export class LogFile {
  readonly path: string
  #descriptor: number
  #bytes: number

  constructor(path: string) {
    this.path = path
    this.#descriptor = openSync(path, 'a')
    this.#bytes = fstatSync(this.#descriptor).size
  }

  /** A full disk must not stop the platform: what cannot be written is given up. */
  write(chunk: Buffer): void {
    try {
      if (this.#bytes + chunk.length > maxBytes) this.#rotate()
      writeSync(this.#descriptor, chunk)
      this.#bytes += chunk.length
    } catch {
      return
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #rotate(): void {
    rmSync(`${this.path}.${kept}`, { force: true })
    for (let number = kept - 1; number >= 1; number--) move(`${this.path}.${number}`, `${this.path}.${number + 1}`)
    move(this.path, `${this.path}.1`)
    const full = this.#descriptor
    this.#descriptor = openSync(this.path, 'a')
    this.#bytes = 0
    // Only now: where any of this fails, the number must not stay in use after the system has given it to another file.
    closeSync(full)
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
