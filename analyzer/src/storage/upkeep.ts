/** What a store on this machine's own disk can do for itself; servers such as Elasticsearch have their own means. */
export interface Upkeep {
  /**
   * Writes what the store is at one moment below a folder, while it goes on working. A file that `known` names, with the same size and sum, is
   * taken to be there already. Throws `store-failed` for a damaged file, whose back-up would take the place of a sound one.
   */
  backUp(target: BackupTarget): Promise<readonly BackedUpFile[]>
  /** Compares everything with its checksums; sentences for people, of what is damaged. */
  check(progress: Progress): Promise<readonly string[]>
}

export interface BackupTarget {
  /** Absolute. */
  readonly folder: string
  /** Of this back-up alone, below the folder: for whatever is not the same in every back-up. */
  readonly own: string
  /** What the folder holds from the back-up before, by `path`. */
  readonly known: ReadonlyMap<string, BackedUpFile>
  readonly progress: Progress
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

/** 0 to 1; throws the reason where the work is to stop. */
export type Progress = (done: number) => void
