import { localizedTextSchema, parseYaml, VonggacError } from '@vonggac/contract'
import type { RuleFile } from '@vonggac/sigma'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'

/** `pack.yml`: what a pack is called and how its rules are fitted to flat ECS. */
const packSchema = z.looseObject({
  id: z.string().min(1),
  title: localizedTextSchema,
  /** Names of pipeline files, without `.yml`. */
  pipelines: z.array(z.string()).default([]),
})

/** A rule pack as it stands on the disk: nothing is compiled yet. */
export interface PackFiles {
  readonly id: string
  readonly pipelines: readonly string[]
  /** Rule files, their paths inside the pack with `/`. */
  readonly rules: readonly RuleFile[]
}

const packFile = 'pack.yml'
/** A pack is read whole: one that is larger was not meant. */
const maxFiles = 50_000

/**
 * The packs in these folders: each a pack itself, or a folder of packs. Throws `invalid-configuration`, naming the file, for a folder that cannot be read or a `pack.yml` with a mistake.
 */
export async function readPacks(folders: readonly string[]): Promise<readonly PackFiles[]> {
  const packs = await Promise.all(folders.flatMap(async (folder) => Promise.all((await packFolders(folder)).map(readPack))))
  const all = packs.flat()
  for (const [index, { id }] of all.entries()) {
    if (all.findIndex((other) => other.id === id) !== index)
      throw wrong(`Two rule packs have the id "${id}"; rename one of them in its ${packFile}.`)
  }
  return all
}

async function packFolders(folder: string): Promise<readonly string[]> {
  if (await isFile(join(folder, packFile))) return [folder]
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const inside = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
    const found = await Promise.all(inside.toSorted().map(async (path) => ((await isFile(join(path, packFile))) ? [path] : [])))
    return found.flat()
  } catch (error) {
    throw wrong(`The folder of rule packs ${folder} cannot be read; check analyzer.packs in the configuration.`, error)
  }
}

async function readPack(folder: string): Promise<PackFiles> {
  const file = join(folder, packFile)
  const parsed = packSchema.safeParse(readPackFile(await readFile(file, 'utf8'), file))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw wrong(`${file}: ${issue.path.join('.')}: ${issue.message}`)
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(isRuleFile)
    .toSorted()
  if (paths.length > maxFiles) throw wrong(`${folder} holds ${paths.length} rule files; ${maxFiles} is the most that a pack may have.`)
  const rules: RuleFile[] = []
  for (const path of paths) rules.push({ file: path, text: await readFile(join(folder, path), 'utf8') })
  return { id: parsed.data.id, pipelines: parsed.data.pipelines, rules }
}

/** Beside rules, a pack holds itself, proofs (`*.test.yml`), its own pipelines and samples. */
function isRuleFile(path: string): boolean {
  return /\.ya?ml$/.test(path) && path !== packFile && !/\.test\.ya?ml$/.test(path) && !/^(samples|pipelines)\//.test(path)
}

function readPackFile(text: string, file: string): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    throw wrong(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

function wrong(detail: string, cause?: unknown): VonggacError {
  return new VonggacError('invalid-configuration', detail, { cause })
}
