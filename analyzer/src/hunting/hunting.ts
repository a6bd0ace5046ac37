import type { CollectorCounters } from '@vonggac/contract'
import type { AlertVolume } from '../alerts/index.ts'
import type { LoadedRule } from '../detection/index.ts'
import type { Handlers, LinkReceiver } from '../platform/index.ts'
import { exportHandler } from './export/handler.ts'
import { Arrivals } from './hunts/arrivals.ts'
import { huntsHandlers } from './hunts/handlers.ts'
import { HuntRunner } from './hunts/run.ts'
import { HuntRules } from './hunts/saved-hunts.ts'
import { retroHandlers } from './retro/handlers.ts'
import { RetroRunner, type RetroRunnerDeps } from './retro/runner.ts'
import { HuntingSchedule } from './schedule.ts'
import { searchHandlers } from './search/handlers.ts'
import { volumeHandler } from './search/volume.ts'
import { sigmaRuleHandler } from './sigma-rule.ts'

export interface HuntingDeps extends RetroRunnerDeps {
  readonly alertVolume: AlertVolume
  /** The collectors' last counters. */
  readonly collectors: () => Iterable<CollectorCounters>
  /** Events of one export. */
  readonly mostExported: number
}

type HuntingHandlers = Pick<
  Handlers,
  | 'readEvent'
  | 'volume'
  | 'searchEvents'
  | 'countEvents'
  | 'listFields'
  | 'fieldValues'
  | 'exportEvents'
  | 'writeSigmaRule'
  | 'listHunts'
  | 'createHunt'
  | 'readHunt'
  | 'changeHunt'
  | 'removeHunt'
  | 'runHunt'
  | 'listRetroHunts'
  | 'startRetroHunt'
  | 'readRetroHunt'
  | 'steerRetroHunt'
>

export interface Hunting {
  readonly handlers: HuntingHandlers
  /** Hunts as the rules that their alerts name. */
  findRule(id: string): LoadedRule | undefined
  /** To be called every few seconds where several analyzers share the stores: takes over the hunts that were saved at others. */
  refresh(): Promise<void>
  /** The receiver, with a note of what has arrived: scheduled hunts wait for what is on its way. */
  watching(receiver: LinkReceiver): LinkReceiver
  /** Runs what is due; to be called every few seconds. */
  tick(): Promise<void>
  close(): Promise<void>
}

/** Searching, exporting, saved hunts and runs over history. Throws `store-failed`. */
export async function openHunting(deps: HuntingDeps): Promise<Hunting> {
  const { documents } = deps
  const arrivals = new Arrivals(deps)
  const huntRules = await HuntRules.open(documents, deps.events)
  const runner = new HuntRunner({ ...deps, arrivals })
  const retro = new RetroRunner(deps)
  const schedule = new HuntingSchedule(documents, runner, retro)
  return {
    handlers: {
      ...searchHandlers(deps),
      volume: volumeHandler(deps),
      exportEvents: exportHandler(deps),
      writeSigmaRule: sigmaRuleHandler(deps),
      ...huntsHandlers({ ...deps, huntRules, runner }),
      ...retroHandlers({ ...deps, wake: () => schedule.wake(), interrupt: (id) => retro.interrupt(id) }),
    },
    findRule: (id) => huntRules.find(id),
    refresh: () => huntRules.refresh(),
    watching: (receiver) => arrivals.watching(receiver),
    tick: () => schedule.tick(),
    close: () => schedule.close(),
  }
}
