/** Loaded rules kept in a file: reading YAML takes most of the time that a rule set needs to start. */
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { CompileOptions } from '../compile/compile.ts'
import { loadRules, type LoadedRules, type RuleFile } from '../compile/load.ts'
import { decodeRuleSet, encodeRuleSet } from '../match/rule-set.ts'

/** The rules, from the cache where it was written for the very same texts and `optionsText`; otherwise they are loaded, and the cache is written. */
export async function loadCached(
  files: readonly RuleFile[],
  options: CompileOptions,
  optionsText: string,
  cache: string,
): Promise<LoadedRules> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([files.map(({ file, text }) => [file, text]), optionsText]))
  const key = hash.digest('hex')
  const [first, ...rest] = (await readFile(cache, 'utf8').catch(() => '')).split('\n')
  if (first === key) {
    try {
      return decodeRuleSet(rest.join('\n'))
    } catch {
      // Written by another version: loaded anew below.
    }
  }
  const loaded = loadRules(files, options)
  await writeFile(`${cache}.tmp`, `${key}\n${encodeRuleSet(loaded)}`)
  await rename(`${cache}.tmp`, cache)
  return loaded
}
