import type { Logger } from 'pino'
import type { Frame } from '../../frame.ts'
import type { Intake } from '../intake.ts'
import { RecentNames } from './names.ts'

/** A frame that its sender may send again. */
export interface NamedFrame {
  readonly frame: Frame
  /** By `frameName`; without it the frame is never a repeat. */
  readonly name?: string | undefined
}

export interface Taken {
  /** Of the frame, or of the one that it repeats. */
  readonly position: number
  readonly repeat: boolean
}

/**
 * Takes each named frame once, also when its sender did not see the answer because the collector was killed.
 *
 * A name is written with the position that its frame is about to get, before the journal has the frame: so whenever a frame survived,
 * its name did. At the next start, names of positions that the journal does not have are forgotten.
 */
export class RepeatGuard {
  readonly #intake: Intake
  readonly #names: RecentNames

  private constructor(intake: Intake, names: RecentNames) {
    this.#intake = intake
    this.#names = names
  }

  /** With what is remembered of the frames of before, in the collector's folder. Before the first frame of this run is taken. */
  static open(folder: string, intake: Intake, log: Logger): RepeatGuard {
    const names = new RecentNames({
      folder,
      durableNext: intake.next,
      onError: (error) =>
        log.error({ reason: error.message }, 'the names of frames cannot be written: what is sent again after a restart may be doubled'),
    })
    return new RepeatGuard(intake, names)
  }

  /** All in one go, without giving way: their positions are known beforehand only as long as nobody else is taken. */
  accept(frames: readonly NamedFrame[]): Taken[] {
    let next = this.#intake.next
    const names: { name: string; position: number }[] = []
    const seen = new Map<string, number>()
    const taken = frames.map(({ name }): Taken => {
      const before = name === undefined ? undefined : (seen.get(name) ?? this.#names.positionOf(name))
      if (before !== undefined) return { position: before, repeat: true }
      const position = next++
      if (name !== undefined) {
        seen.set(name, position)
        names.push({ name, position })
      }
      return { position, repeat: false }
    })
    this.#names.add(names)
    for (const [index, { frame }] of frames.entries()) if (!taken[index]!.repeat) this.#intake.accept(frame)
    return taken
  }

  /** When all of them may be acknowledged; a repeat as soon as the first is durable. */
  async durable(taken: readonly Taken[]): Promise<void> {
    const last = taken.reduce((most, { position }) => Math.max(most, position), -1)
    if (last < 0) return
    await Promise.all([this.#intake.durable(last), this.#names.sync()])
  }

  close(): Promise<void> {
    return this.#names.close()
  }
}
