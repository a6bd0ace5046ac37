/** The options about rules that every command has, and what they load. */
import type { CompileOptions } from '../compile/compile.ts'
import { loadRules, type LoadedRules, type OnDocument, type RuleFile } from '../compile/load.ts'
import { list, text, UsageError, type Command, type Values } from './command.ts'
import { counted } from './diagnostics.ts'
import type { Edition } from '../syntax/source.ts'
import { readPipelines, readRuleFiles } from './files.ts'
import { loadCached } from './rule-cache.ts'

export const ruleOptions = {
  pipeline: { type: 'string', multiple: true },
  edition: { type: 'string' },
} as const satisfies Command['options']

export const ruleUsage = `  --pipeline FILE      fit the rules by a processing pipeline: a file, or a name such as ecs-web; may be repeated. Without it, by
                       those that a pack.yml in the folder names
  --edition 2.2        allow what the coming edition of Sigma adds; 2.1 unless told otherwise`

/** The rules in these folders and files, fitted and of the edition that the options say. */
export async function loadFrom(paths: readonly string[], values: Values, onDocument?: OnDocument): Promise<LoadedRules> {
  const { files, options } = await readRules(paths, values)
  return loadRules(files, options, onDocument)
}

/** The same from the cache file, where they were not changed since it was written. */
export async function loadFromCache(paths: readonly string[], values: Values, cache: string): Promise<LoadedRules> {
  const { files, options, optionsText } = await readRules(paths, values)
  return loadCached(files, options, optionsText, cache)
}

interface ReadRules {
  readonly files: readonly RuleFile[]
  readonly options: CompileOptions
  /** All that the options say. */
  readonly optionsText: string
}

async function readRules(paths: readonly string[], values: Values): Promise<ReadRules> {
  const edition = editionOf(values)
  const { pipelines, text: pipelineTexts } = await readPipelines(list(values, 'pipeline'), paths)
  const options = { pipelines, ...(edition && { edition }) }
  return { files: await readRuleFiles(paths), options, optionsText: `${edition} ${pipelineTexts}` }
}

function editionOf(values: Values): Edition | undefined {
  const edition = text(values, 'edition')
  if (edition === undefined || edition === '2.1' || edition === '2.2') return edition
  throw new UsageError(`There is no edition ${edition}: say 2.1 or 2.2.`)
}

/** `; 2 documents refused, see sigma check`, or nothing. */
export function refusedNote({ refused }: LoadedRules): string {
  return refused.length > 0 ? `; ${counted(refused.length, 'document')} refused, see sigma check` : ''
}
