import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Multiline, SourceConfig } from '@vonggac/contract'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import { cutFrames, joiningOf, type Cut, type CutRules, type HeadingRules } from '../../lines/index.ts'
import type { FileRules } from '../../parsing/index.ts'
import { SourceMistake } from '../../source-mistake.ts'
import type { Intake } from '../intake.ts'
import { fitsPrint, headOfHandle, isPacked, unpack } from './content.ts'
import { findPaths } from './glob.ts'
import { headed, headingBefore } from './headed.ts'
import { KnownFiles, type LiveFile } from './known-files.ts'
import { afterReading, type Positions } from './positions.ts'
import { textOf, type FileText } from './text.ts'

export type FileSource = Extract<SourceConfig, { transport: 'file' }>

export interface FollowerParts {
  /** What the source's parsers say of the files that they read. */
  readonly rules: FileRules
  readonly intake: Intake
  readonly positions: Positions
  readonly folders: readonly string[]
  readonly log: Logger
}

/** How far a file is read, for whoever watches. `size` is that of the file, also of a packed one, whose `offset` counts what is unpacked. */
export interface FileState {
  readonly source: string
  readonly path: string
  readonly size: number
  readonly offset: number
}

const chunkBytes = 1024 * 1024
/** Read of one file before the next has its turn. */
const chunksATurn = 16
/** More are closed, those that were read longest ago first. */
const mostOpen = 100
/** The journal keeps so many bytes of where a frame is from. */
const mostPeerBytes = 255

/** Follows the files of one source: looks for them and reads what is new, again and again. A place is saved with the frames that lead to it (`positions.ts`). */
export class FileFollower {
  readonly source: FileSource
  readonly #parts: FollowerParts
  readonly #text: FileText
  readonly #rules: CutRules
  readonly #heading: HeadingRules | undefined
  readonly #timeoutMs: number
  /** A frame of a key waits for a time of its own; one of a pattern, as long as the file grows. */
  readonly #keyed: boolean
  readonly #known: KnownFiles
  readonly #stop = new AbortController()
  readonly #stopped = new Promise<void>((resolve) => this.#stop.signal.addEventListener('abort', () => resolve()))
  readonly #buffer = Buffer.allocUnsafeSlow(chunkBytes)
  #running: Promise<void> | undefined
  #trouble = new Map<string, string>()
  #told = new Map<string, string>()
  #connected = false

  /** @throws SourceMistake for a pattern that cannot be used */
  constructor(source: FileSource, parts: FollowerParts) {
    this.source = source
    this.#parts = parts
    this.#text = textOf(source.encoding)
    const multiline = source.multiline ?? parts.rules.multiline
    this.#rules = {
      width: this.#text.width,
      maxLineBytes: source.maxLineBytes,
      joining: multiline && joiningFor(source.id, multiline, this.#text),
    }
    this.#timeoutMs = (multiline?.timeoutSeconds ?? 0) * 1_000
    this.#keyed = multiline?.key !== undefined
    this.#heading = source.header === 'none' ? parts.rules.heading : undefined
    this.#known = new KnownFiles({
      source: source.id,
      positions: parts.positions,
      folders: parts.folders,
      startAt: source.startAt,
      now: parts.intake.now,
      onTrouble: (path, reason) => this.#trouble.set(path, reason),
    })
  }

  /** What keeps files from being read. */
  get trouble(): readonly string[] {
    return [...this.#told].map(([path, reason]) => `${path}: ${reason}`)
  }

  get states(): readonly FileState[] {
    return [...this.#known.live.values()].map(({ file: { path, offset }, size }) => ({
      source: this.source.id,
      path,
      size: Math.max(0, size),
      offset,
    }))
  }

  /** Copies that wait for their original to be emptied. */
  get waiting(): number {
    return this.#known.waiting.size
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#known.close()
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#trouble = new Map()
      const more = await this.#round().catch((error: Error) => void this.#trouble.set(this.source.paths[0]!, error.message))
      this.#tell()
      const pauseMs = more ? 0 : this.source.everySeconds * 1_000
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
    this.#report(false)
  }

  /** Whether there is more to be read at once. */
  async #round(): Promise<boolean> {
    const { paths, exclude, mostFiles } = this.source
    const found = await findPaths(paths, exclude, mostFiles + 1)
    if (found.length > mostFiles) this.#trouble.set(paths[0]!, `more than ${mostFiles} files are found: the others are not read`)
    const over = new Set(await this.#known.update(found.slice(0, mostFiles)))
    let more = false
    for (const known of this.#known.live.values()) {
      if (this.#stop.signal.aborted) return false
      try {
        const isMore = await this.#read(known, over.has(known))
        more ||= isMore
        if (over.has(known) && !isMore && !this.#stop.signal.aborted) await this.#known.retire(known)
      } catch (error) {
        const gone = (error as NodeJS.ErrnoException).code === 'ENOENT'
        if (gone && over.has(known)) await this.#known.retire(known)
        else if (!gone) this.#trouble.set(known.file.path, (error as Error).message)
      }
    }
    await this.#closeSome()
    this.#report(this.#known.live.size > 0)
    return more
  }

  #read(known: LiveFile, ended: boolean): Promise<boolean> {
    return isPacked(known.file.path) ? this.#readPacked(known) : this.#readPlain(known, ended)
  }

  async #readPlain(known: LiveFile, ended: boolean): Promise<boolean> {
    // Behind it, only a frame that waits for more lines may stand.
    if (known.found && known.size === known.file.offset) return false
    const handle = await this.#known.open(known)
    if (!known.found) await this.#noticeGrowth(known)
    await this.#lookForHeading(known, handle)
    for (let turn = 0; turn < chunksATurn; turn++) {
      const { offset, print } = known.file
      const { bytesRead } = await handle.read(this.#buffer, 0, chunkBytes, offset)
      if (bytesRead === 0) return false
      // Emptied and written anew while it was read: the next search sees it.
      if (!fitsPrint(await headOfHandle(handle), print)) return false
      const isAll = bytesRead < chunkBytes
      const settled = isAll && this.#isSettled(known)
      const cut = cutFrames(this.#buffer.subarray(0, bytesRead), this.#rules, { ...placeOf(known), ended: ended && isAll, settled })
      await this.#take(known, this.#buffer, cut)
      if (isAll || cut.consumed === 0 || this.#stop.signal.aborted) return false
    }
    return true
  }

  /** Whether what is read now waits no more for lines that belong to it. */
  #isSettled(known: LiveFile): boolean {
    const now = this.#parts.intake.now()
    const { offset } = known.file
    if (known.held?.offset !== offset) known.held = { offset, sinceMs: now }
    return now - (this.#keyed ? known.held.sinceMs : known.grownMs) >= this.#timeoutMs
  }

  /** Where the reading began in the middle of the file, or before its parser had a heading. */
  async #lookForHeading(known: LiveFile, handle: FileHandle): Promise<void> {
    const { offset, kept } = known.file
    if (!this.#heading || offset === 0 || kept?.heading !== undefined) return
    const heading = await headingBefore(handle, offset, this.#buffer, this.#heading, this.#text, this.#rules)
    this.#known.save(known, { kept: { ...kept, heading } })
  }

  async #noticeGrowth(known: LiveFile): Promise<void> {
    const { size } = await known.handle!.stat()
    if (size !== known.size) known.grownMs = this.#parts.intake.now()
    known.size = size
  }

  async #readPacked(known: LiveFile): Promise<boolean> {
    const { size } = known
    const { path, offset, packedSize } = known.file
    if (packedSize === size) return false
    await unpack(path, offset, chunkBytes, async (bytes, ended) => {
      const cut = cutFrames(bytes, this.#rules, { ...placeOf(known), ended, settled: ended })
      await this.#take(known, bytes, cut)
      if (this.#stop.signal.aborted) throw new Error('the collector stops')
      return cut.consumed
    })
    this.#known.save(known, { packedSize: size })
    return false
  }

  async #take(known: LiveFile, bytes: Buffer, cut: Cut): Promise<void> {
    const { intake, positions } = this.#parts
    const { id, path, offset } = known.file
    if (cut.consumed === 0 && cut.frames.length === 0) return
    if (intake.congested) await Promise.race([intake.ready(), this.#stopped])
    const receivedMs = intake.now()
    const peer = Buffer.from(path, 'utf8').toString('latin1').slice(0, mostPeerBytes)
    const ends = cut.frames.map(({ next }) => offset + next)
    const { texts, kept } = headed(known.file, bytes, cut.frames, this.#heading, this.#text)
    const to = offset + cut.consumed
    const reading = { read: id, from: offset, first: intake.next, ends, to, skip: cut.skip, ...(kept.length > 0 && { kept }) }
    positions.reading(reading)
    for (const [index, text] of texts.entries()) {
      const flags = cut.frames[index]!.oversize ? frameFlags.oversize : 0
      intake.accept({ receivedMs, source: this.source.id, peer, flags, bytes: text })
    }
    if (texts.length > 0) await intake.durable(reading.first + texts.length - 1)
    await positions.sync()
    positions.done(reading)
    known.file = { ...known.file, ...afterReading(reading) }
  }

  async #closeSome(): Promise<void> {
    const open = [...this.#known.live.values()].filter(({ handle, found }) => handle && found)
    for (const known of open.toSorted((a, b) => a.grownMs - b.grownMs).slice(0, Math.max(0, open.length - mostOpen))) {
      await known.handle!.close()
      known.handle = undefined
    }
  }

  #tell(): void {
    for (const [path, reason] of this.#trouble) {
      if (this.#told.get(path) !== reason) this.#parts.log.warn({ source: this.source.id, path, reason }, 'a file cannot be read')
    }
    this.#told = this.#trouble
  }

  #report(connected: boolean): void {
    if (connected === this.#connected) return
    this.#connected = connected
    this.#parts.intake.connected(this.source.id, connected ? 1 : -1)
  }
}

function joiningFor(source: string, multiline: Multiline, text: FileText) {
  try {
    return joiningOf(multiline, text.decode)
  } catch (error) {
    throw new SourceMistake(`${source}.multiline`, (error as Error).message)
  }
}

/** Where the reading of a file stands, with places counted from there. */
function placeOf({ file: { offset, skip, kept } }: LiveFile) {
  return { skip, taken: (kept?.taken ?? []).map(([from, to]) => ({ start: from - offset, stop: to - offset })) }
}
