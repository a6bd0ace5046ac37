import { say, type Sentence } from '@vonggac/contract'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ownColumns, quotedText } from './catalogue.ts'
import type { EventStoreHealth } from '../event-store.ts'
import type { Engine } from './engine/engine.ts'
import { oneSegment } from './engine/protocol.ts'
import type { Manifest, Segment } from './manifest.ts'
import { Retirable } from './retirable.ts'
import { signaturePath } from './signature-file.ts'

export interface StoredSegment {
  readonly segment: Segment
  readonly path: string
  readonly retirable: Retirable
}

interface Shelved extends StoredSegment {
  /** Settles when the file was compared with its checksum. */
  checked: Promise<void> | undefined
  damage: string | undefined
}

/**
 * The segments of the manifest. A file is compared with its checksum before its first use after a start, because a flipped
 * bit in it can decode to a wrong value without any error; a damaged one is left out of every query and reported.
 */
export class Segments {
  readonly #folder: string
  readonly #manifest: Manifest
  readonly #engine: Engine
  readonly #shelf = new Map<string, Shelved>()

  private constructor(folder: string, manifest: Manifest, engine: Engine) {
    this.#folder = folder
    this.#manifest = manifest
    this.#engine = engine
  }

  /** Deletes files that no record of the manifest names: the work of a process that was killed before the record. */
  static async open(folder: string, manifest: Manifest, engine: Engine): Promise<Segments> {
    await mkdir(folder, { recursive: true })
    const segments = new Segments(folder, manifest, engine)
    const known = manifest.state.segments
    for (const name of await readdir(folder, { recursive: true })) {
      const of = name.replace(/\.sig$/, '.parquet')
      if (/\.(parquet|new)$/.test(of) && !known.has(of)) await rm(join(folder, name))
    }
    for (const segment of known.values()) {
      const shelved = segments.#place(segment)
      const size = await stat(shelved.path).then(
        (found) => found.size,
        () => undefined,
      )
      if (size === undefined) shelved.damage = 'is missing'
      else if (size !== segment.bytes) shelved.damage = `has ${size} bytes instead of ${segment.bytes}`
    }
    return segments
  }

  get folder(): string {
    return this.#folder
  }

  get totals(): { readonly events: number; readonly bytes: number } {
    const all = [...this.#shelf.values()]
    return {
      events: all.reduce((sum, { segment, damage }) => sum + (damage === undefined ? segment.events : 0), 0),
      bytes: all.reduce((sum, { segment }) => sum + segment.bytes, 0),
    }
  }

  /** Those not known to be damaged. */
  get sound(): readonly Segment[] {
    return [...this.#shelf.values()].filter(({ damage }) => damage === undefined).map(({ segment }) => segment)
  }

  get all(): readonly Segment[] {
    return [...this.#shelf.values()].map(({ segment }) => segment)
  }

  /** By day of receipt (UTC), the newest first. */
  get days(): EventStoreHealth['parts'] {
    const days = new Map<string, Shelved[]>()
    for (const shelved of this.#shelf.values()) {
      const day = shelved.segment.name.slice(0, shelved.segment.name.indexOf('/'))
      days.set(day, [...(days.get(day) ?? []), shelved])
    }
    return [...days].toSorted(([a], [b]) => (a > b ? -1 : 1)).map(([name, shelved]) => dayOf(name, shelved))
  }

  /** For people: what is wrong with which files. */
  get damage(): readonly Sentence[] {
    return [...this.#shelf.values()].flatMap(({ segment, path, damage }) =>
      damage === undefined ? [] : [say('segment-damaged', { path, damage, events: segment.events })],
    )
  }

  /** Takes over new segments, in place of the log files up to the number; `replace` is called in the moment in which they count. */
  async add(added: readonly Segment[], flushedUpTo: number, positions: ReadonlyMap<string, number>, replace: () => void): Promise<void> {
    await this.#manifest.record({ add: [...added], flushedUpTo, positions: Object.fromEntries(positions) })
    replace()
    // Just written and summed: as good as checked.
    for (const segment of added) this.#place(segment).checked = Promise.resolve()
  }

  /**
   * The sound segments among those that satisfy the condition and that `narrow` leaves, in use until they are released. Only what it leaves is
   * compared with its checksum.
   */
  async select(
    wanted: (segment: Segment) => boolean,
    narrow: (held: readonly StoredSegment[]) => Promise<ReadonlySet<string>> = async (held) => new Set(held.map(({ path }) => path)),
  ): Promise<readonly StoredSegment[]> {
    const held = [...this.#shelf.values()].filter(({ segment, damage }) => damage === undefined && wanted(segment))
    for (const { retirable } of held) retirable.use()
    let sound: ReadonlySet<Shelved> = new Set()
    try {
      const left = await narrow(held)
      const candidates = held.filter(({ path }) => left.has(path))
      await Promise.all(candidates.map((shelved) => (shelved.checked ??= this.#check(shelved))))
      sound = new Set(candidates.filter(({ damage }) => damage === undefined))
      return [...sound]
    } finally {
      for (const shelved of held) if (!sound.has(shelved)) shelved.retirable.release()
    }
  }

  /** Compares every file with its checksum, now; the sound ones are counted as well. What is damaged shows in `damage` from then on. */
  async checkAll(progress: (done: number) => void): Promise<void> {
    const all = [...this.#shelf.values()]
    for (const [n, shelved] of all.entries()) {
      progress(n / all.length)
      if (this.#shelf.get(shelved.segment.name) !== shelved) continue
      shelved.retirable.use()
      try {
        await this.#check(shelved)
        if (shelved.damage === undefined) await this.#count(shelved)
      } finally {
        shelved.retirable.release()
      }
    }
  }

  /** Every segment, also a damaged one, in use until it is released. */
  useAll(): readonly StoredSegment[] {
    const all = [...this.#shelf.values()]
    for (const { retirable } of all) retirable.use()
    return all
  }

  /** Does work on one segment; undefined where it is damaged or is there no more. */
  using<T>(name: string, work: (stored: StoredSegment) => Promise<T>): Promise<T | undefined> {
    return this.usingAll([name], async ([stored]) => stored && work(stored))
  }

  /** Does work on those segments that are there and not damaged. */
  async usingAll<T>(names: readonly string[], work: (stored: readonly StoredSegment[]) => Promise<T>): Promise<T> {
    const wanted = new Set(names)
    const stored = await this.select(({ name }) => wanted.has(name))
    try {
      return await work(stored)
    } finally {
      for (const { retirable } of stored) retirable.release()
    }
  }

  /** Removes segments, damaged ones too; files go when the last query on them ends. */
  async remove(gone: (segment: Segment) => boolean): Promise<readonly Segment[]> {
    const old = [...this.#shelf.values()].filter(({ segment }) => gone(segment))
    if (old.length > 0) await this.#replace(old, undefined)
    return old.map(({ segment }) => segment)
  }

  /** To be called before several segments become one. */
  async sign(old: readonly StoredSegment[]): Promise<void> {
    await this.#engine.ask('sign', { paths: old.map(({ path }) => path) })
  }

  /** Puts one segment in the place of some of the same hour, with those of their rows that satisfy the SQL `keep`: so many, or it is refused. */
  async rewrite(old: readonly StoredSegment[], keep: string, events: number): Promise<Segment | undefined> {
    const name = nextName(old.map(({ segment }) => segment.name))
    const ask = { paths: old.map(({ path }) => path), keep, folder: this.#folder, name, events }
    const made = (await this.#engine.ask('rewrite', ask)) ?? undefined
    await this.#replace(old, made)
    return made
  }

  async #replace(old: readonly StoredSegment[], made: Segment | undefined): Promise<void> {
    await this.#manifest.record({ ...(made && { add: [made] }), remove: old.map(({ segment }) => segment.name) })
    // In one go: no query sees both, or neither.
    if (made) this.#place(made).checked = Promise.resolve()
    for (const { segment, path, retirable } of old) {
      this.#shelf.delete(segment.name)
      retirable.retire(() => void removeFiles(path))
    }
  }

  #place(segment: Segment): Shelved {
    const path = join(this.#folder, segment.name)
    const shelved: Shelved = { segment, path, retirable: new Retirable(), checked: undefined, damage: undefined }
    this.#shelf.set(segment.name, shelved)
    return shelved
  }

  async #check(shelved: Shelved): Promise<void> {
    try {
      const crc = await this.#engine.ask('checksum', { path: shelved.path })
      if (crc !== shelved.segment.crc) shelved.damage = 'is damaged (its checksum differs)'
    } catch (error) {
      shelved.checked = undefined
      if (existsSync(shelved.path)) throw error
      shelved.damage = 'is missing'
    }
  }

  async #count(shelved: Shelved): Promise<void> {
    const { events, from, to } = shelved.segment
    const { received } = ownColumns
    const sql = `SELECT count(*), min(${received}), max(${received}) FROM read_parquet(${quotedText(shelved.path)})`
    const [row] = await this.#engine.ask('rows', { sql, parameters: [], reads: oneSegment })
    if (row?.join() !== [events, from, to].join()) shelved.damage = `does not hold the events that it was written with`
  }
}

function dayOf(name: string, shelved: readonly Shelved[]): EventStoreHealth['parts'][number] {
  const damaged = shelved.filter(({ damage }) => damage !== undefined).length
  return {
    name,
    events: shelved.reduce((sum, { segment }) => sum + segment.events, 0),
    bytes: shelved.reduce((sum, { segment }) => sum + segment.bytes, 0),
    state: damaged > 0 ? 'degraded' : 'ready',
    ...(damaged > 0 && { detail: say('segments-damaged', { damaged, all: shelved.length }) }),
  }
}

/** With what stands beside it: `<segment without .parquet>.sig`. Whatever stays behind is deleted at the next start. */
async function removeFiles(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
  await rm(signaturePath(path), { force: true }).catch(() => undefined)
}

/** `09-000000123.parquet` and others of its hour become `09-000000123-1.parquet`, and that `…-2.parquet`: a name is never used twice. */
function nextName(names: readonly string[]): string {
  const parts = names.map((name) => /^(?<base>.*\/\d\d-\d+)(?:-(?<times>\d+))?\.parquet$/.exec(name)?.groups)
  const first = parts.map((part) => part!['base']!).toSorted()[0]!
  const times = Math.max(...parts.map((part) => Number(part!['times'] ?? 0)))
  return `${first}-${times + 1}.parquet`
}
