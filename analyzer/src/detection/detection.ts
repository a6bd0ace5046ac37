import type { DocumentStore } from '../storage/document-store.ts'
import { startDetector, type Detector, type DetectorOptions } from './detector.ts'
import { readPacks } from './packs.ts'
import { readPipelines } from './pipelines.ts'
import { compilePacks, RuleRepository } from './repository.ts'
import { switchedOff } from './switches.ts'

export interface DetectionOptions extends DetectorOptions {
  readonly documents: DocumentStore
  /** Rule packs, or folders of them. */
  readonly packFolders: readonly string[]
  readonly pipelineFolders: readonly string[]
}

export interface Detection {
  readonly rules: RuleRepository
  readonly detector: Detector
}

/** Loads the rules and starts the thread that evaluates them. Throws `invalid-configuration` for packs or pipelines that cannot be read; a bad rule stops nothing. */
export async function openDetection({ documents, packFolders, pipelineFolders, ...options }: DetectionOptions): Promise<Detection> {
  const [packs, pipelines, off] = await Promise.all([readPacks(packFolders), readPipelines(pipelineFolders), switchedOff(documents)])
  const rules = new RuleRepository(compilePacks(packs, pipelines), off, options.delivered)
  return { rules, detector: await startDetector(rules.inUse(), options) }
}
