/**
 * The files of one source, and which of those that a search finds they are.
 *
 * A file is known by device, inode and the first bytes of what it holds, under whatever name:
 * - Renamed, it is the same file. Where no path of the source finds it any more, it is read on until nothing was added for a while.
 * - Emptied (copytruncate), or an inode that begins otherwise: what it held is gone, and what it holds now is another file.
 * - A file that begins as one that is gone, plain or packed, is its copy, and is read on from where that one stood. While that one is still there, the copy
 *   waits: it may be about to be emptied.
 */
import type { Stats } from 'node:fs'
import { readdir, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fitsPrint, headOf, headOfHandle, isPacked, longestPrint, noPrint, openToRead, printOf, provingPrint } from './content.ts'
import { standsBelow } from './glob.ts'
import type { Positions, SavedFile } from './positions.ts'

/** A file that is there, as it is known at the moment. */
export interface LiveFile {
  file: SavedFile
  handle: FileHandle | undefined
  size: number
  mtimeMs: number
  /** When it last grew or appeared. */
  grownMs: number
  /** The offset that the reading stands at although there is more, and since when. */
  held: { readonly offset: number; readonly sinceMs: number } | undefined
  /** Whether the last search found it. */
  found: boolean
}

export interface KnownFilesParts {
  readonly source: string
  readonly positions: Positions
  readonly folders: readonly string[]
  readonly startAt: 'beginning' | 'end'
  readonly now: () => number
  /** A file that is there and cannot be read. */
  readonly onTrouble: (path: string, reason: string) => void
}

interface Found {
  readonly path: string
  readonly stats: Stats
}

/** So long a file that no path finds any more is read on: programs write to a renamed file until they are told. */
const lingerMs = 30_000
/** So long a short file that begins as another waits for being told apart. */
const doubtMs = 10_000
const mostGone = 1_000
const mostNeighbours = 10_000

export class KnownFiles {
  readonly live = new Map<string, LiveFile>()
  /** Copies that wait, by inode: their size, since when. */
  readonly waiting = new Map<string, { readonly path: string; readonly size: number; readonly sinceMs: number }>()
  readonly #parts: KnownFilesParts
  #gone: SavedFile[] = []

  constructor(parts: KnownFilesParts) {
    this.#parts = parts
    for (const file of parts.positions.filesOf(parts.source)) {
      if (file.gone) this.#gone.push(file)
      else
        this.live.set(inodeOf(file), { file, handle: undefined, size: -1, mtimeMs: -1, grownMs: parts.now(), held: undefined, found: true })
    }
  }

  /** Takes in what a search found. Gives those that have been away for long enough: to be read to their end, and then retired. */
  async update(paths: readonly string[]): Promise<LiveFile[]> {
    for (const known of this.live.values()) known.found = false
    const isFirst = !this.#parts.positions.hasBegun(this.#parts.source)
    for (const path of paths) {
      try {
        await this.#see(path, isFirst)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#parts.onTrouble(path, (error as Error).message)
      }
    }
    this.#parts.positions.begin(this.#parts.source)
    const over: LiveFile[] = []
    for (const known of this.live.values()) {
      if (known.found) continue
      if (!known.handle) await this.#findMoved(known)
      if (!known.handle || this.#parts.now() - known.grownMs > lingerMs) over.push(known)
    }
    return over
  }

  /** @throws an error of the file system; ENOENT where another file has taken its path since it was found */
  async open(known: LiveFile): Promise<FileHandle> {
    if (known.handle) return known.handle
    const handle = await openToRead(known.file.path)
    if (inodeOf(await handle.stat()) !== inodeOf(known.file)) {
      await handle.close()
      throw Object.assign(new Error('another file has its path'), { code: 'ENOENT' })
    }
    known.handle = handle
    return handle
  }

  save(known: LiveFile, change: Partial<SavedFile>): void {
    const file = { ...known.file, ...change }
    this.#parts.positions.save(file)
    known.file = file
  }

  /** It is gone, and remembered for its copies. */
  async retire(known: LiveFile): Promise<void> {
    this.live.delete(inodeOf(known.file))
    await known.handle?.close()
    const { positions } = this.#parts
    if (known.file.print.length < provingPrint) return positions.forget(known.file.id)
    this.save(known, { gone: true })
    this.#gone.push(known.file)
    while (this.#gone.length > mostGone) positions.forget(this.#gone.shift()!.id)
  }

  async close(): Promise<void> {
    for (const known of this.live.values()) await known.handle?.close()
  }

  async #see(path: string, isFirst: boolean): Promise<void> {
    const found = { path, stats: await stat(path) }
    if (!found.stats.isFile()) return
    const known = this.live.get(inodeOf(found.stats))
    if (known && (await this.#isStill(known, found))) {
      known.found = true
      if (known.file.path !== path) this.save(known, { path })
      this.#grown(known, found.stats)
      return
    }
    if (known) await this.retire(known)
    await this.#meet(found, isFirst)
  }

  #grown(known: LiveFile, { size, mtimeMs }: Stats): void {
    if (size !== known.size || mtimeMs !== known.mtimeMs) known.grownMs = this.#parts.now()
    known.size = size
    known.mtimeMs = mtimeMs
  }

  /** Whether the inode holds what it held, and perhaps more. */
  async #isStill(known: LiveFile, { path, stats }: Found): Promise<boolean> {
    const { file } = known
    if (!isPacked(path) && stats.size < file.offset) return false
    if (stats.size === known.size && stats.mtimeMs === known.mtimeMs) return true
    const head = known.handle ? await headOfHandle(known.handle) : await headOf(path)
    if (!fitsPrint(head, file.print)) return false
    if (head.length > file.print.length) this.save(known, { print: printOf(head) })
    return true
  }

  async #meet({ path, stats }: Found, isFirst: boolean): Promise<void> {
    const { folders, startAt, source, positions } = this.#parts
    if (!(await standsBelow(path, folders)))
      throw new Error(`it stands below none of the folders that collector.files.folders allows: ${folders.join(', ')}`)
    const fresh = { source, path, dev: stats.dev, ino: stats.ino, offset: 0, skip: false, gone: false }
    if (stats.size === 0) {
      // Later, an empty file waits for what it will hold: it may become a copy.
      if (isFirst) this.#follow({ ...fresh, id: positions.newId(), print: noPrint }, stats)
      return
    }
    const head = await headOf(path)
    const print = printOf(head)
    if (isFirst && startAt === 'end') {
      const end = isPacked(path) ? { packedSize: stats.size } : { offset: stats.size }
      return this.#follow({ ...fresh, ...end, id: positions.newId(), print }, stats)
    }
    const copied = this.#gone.findLast((gone) => gone.print.length >= provingPrint && fitsPrint(head, gone.print))
    if (!copied) {
      if (!this.#mustWait(path, stats, head)) this.#follow({ ...fresh, id: positions.newId(), print }, stats)
      return
    }
    if (!isPacked(path) && stats.size < copied.offset) return
    this.#gone = this.#gone.filter((gone) => gone !== copied)
    const { packedSize: _, ...rest } = copied
    this.#follow({ ...rest, path, dev: stats.dev, ino: stats.ino, gone: false }, stats)
  }

  /** Whether it may be a copy of a file that is still there. */
  #mustWait(path: string, stats: Stats, head: Buffer): boolean {
    const key = inodeOf(stats)
    const twin = [...this.live.values()].find(({ file }) => file.print.length >= provingPrint && fitsPrint(head, file.print))
    const before = this.waiting.get(key)
    if (!twin || (before?.size === stats.size && head.length < longestPrint && this.#parts.now() - before.sinceMs > doubtMs)) {
      this.waiting.delete(key)
      return false
    }
    if (before?.size !== stats.size && this.waiting.size < mostGone) {
      this.waiting.set(key, { path, size: stats.size, sinceMs: this.#parts.now() })
    }
    return true
  }

  #follow(file: SavedFile, { size, mtimeMs }: Stats): void {
    this.waiting.delete(inodeOf(file))
    this.#parts.positions.save(file)
    this.live.set(inodeOf(file), { file, handle: undefined, size, mtimeMs, grownMs: this.#parts.now(), held: undefined, found: true })
  }

  /** A file that was not open when it was renamed to where no path finds it: it mostly stands in the same folder. */
  async #findMoved(known: LiveFile): Promise<void> {
    const folder = dirname(known.file.path)
    const names = await readdir(folder).catch(() => [])
    for (const name of names.slice(0, mostNeighbours)) {
      const path = join(folder, name)
      const stats = await stat(path).catch(() => undefined)
      if (!stats?.isFile() || inodeOf(stats) !== inodeOf(known.file)) continue
      if (!(await this.#isStill(known, { path, stats }).catch(() => false))) return
      this.save(known, { path })
      this.#grown(known, stats)
      await this.open(known).catch(() => {})
      return
    }
  }
}

function inodeOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`
}
