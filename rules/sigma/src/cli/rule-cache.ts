/** Loaded rules kept in a file: reading YAML takes most of the time that a rule set needs to start. */
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { loadRules, type LoadedRules, type RuleFile } from '../compile/load.ts'
import { decodeRuleSet, encodeRuleSet } from '../match/rule-set.ts'
import type { Pipelines } from './files.ts'

/** The rules, from the cache where it was written for the very same texts; otherwise they are loaded, and the cache is written. */
export async function loadCached(files: readonly RuleFile[], pipelines: Pipelines, cache: string | undefined): Promise<LoadedRules> {
  if (cache === undefined) return loadRules(files, pipelines)
  const hash = createHash('sha256')
  hash.update(JSON.stringify([files.map(({ file, text }) => [file, text]), pipelines.text]))
  const key = hash.digest('hex')
  const [first, ...rest] = (await readFile(cache, 'utf8').catch(() => '')).split('\n')
  if (first === key) {
    try {
      return decodeRuleSet(rest.join('\n'))
    } catch {
      // Written by another version: loaded anew below.
    }
  }
  const loaded = loadRules(files, pipelines)
  await writeFile(`${cache}.tmp`, `${key}\n${encodeRuleSet(loaded)}`)
  await rename(`${cache}.tmp`, cache)
  return loaded
}
