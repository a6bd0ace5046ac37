import type { Said } from '@vonggac/contract'

/** What a store on this machine's own disk can do for itself; servers such as Elasticsearch have their own means. */
export interface Upkeep {
  /**
   * Writes what the store is at one moment below a folder, while it goes on working. A damaged file is left out and named in the notes, unless
   * the folder holds a sound one from an earlier back-up.
   */
  backUp(target: BackupTarget): Promise<BackedUp>
  /** Compares everything with its checksums; sentences for people, of what is damaged. */
  check(progress: Progress): Promise<readonly Said[]>
}

export interface BackupTarget {
  /** Absolute. */
  readonly folder: string
  /** Below the folder, of this back-up alone: for whatever is not the same in every back-up. */
  readonly own: string
  /** What the folder holds from the back-up before, by `path`: a file with the same size and sum is not written again. */
  readonly known: ReadonlyMap<string, BackedUpFile>
  readonly progress: Progress
}

export interface BackedUp {
  readonly files: readonly BackedUpFile[]
  /** For people: what is not in it. */
  readonly notes: readonly string[]
}

export interface BackedUpFile {
  /** Below the back-up's folder, with `/`. */
  readonly path: string
  /** Below the data folder, where it belongs. */
  readonly place: string
  readonly bytes: number
  /** CRC-32, hexadecimal. */
  readonly crc: string
}

/** 0 to 1; throws where the work is to stop. */
export type Progress = (done: number) => void
