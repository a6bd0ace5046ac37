/** The options about rules that every command has, and what they load. */
import type { CompileOptions } from '../compile/compile.ts'
import { loadRules, type LoadedRules } from '../compile/load.ts'
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

/** The rules in these folders and files, fitted and of the edition that the options say; from the cache file, where there is one. */
export async function loadFrom(paths: readonly string[], values: Values, cache?: string): Promise<LoadedRules> {
  const edition = editionOf(values)
  const { pipelines, text: pipelineTexts } = await readPipelines(list(values, 'pipeline'), paths)
  const files = await readRuleFiles(paths)
  const options: CompileOptions = { pipelines, ...(edition && { edition }) }
  return cache === undefined ? loadRules(files, options) : loadCached(files, options, `${edition} ${pipelineTexts}`, cache)
}

export function editionOf(values: Values): Edition | undefined {
  const edition = text(values, 'edition')
  if (edition === undefined || edition === '2.1' || edition === '2.2') return edition
  throw new UsageError(`There is no edition ${edition}: say 2.1 or 2.2.`)
}

/** `; 2 documents refused, see sigma check`, or nothing. */
export function refusedNote({ refused }: LoadedRules): string {
  return refused.length > 0 ? `; ${counted(refused.length, 'document')} refused, see sigma check` : ''
}
