/** Rules, pipelines and proofs on the disk. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuleFile } from '../compile/load.ts'
import { parsePipeline } from '../pipeline/parse.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { entryOf, readYaml } from '../syntax/yaml.ts'
import { Findings, Source } from '../syntax/source.ts'
import { UsageError } from './command.ts'
import { formatDiagnostic } from './diagnostics.ts'

/** A pack says in this file, among other things, which pipelines its rules need. */
const packFile = 'pack.yml'
const proofEnd = /\.test\.ya?ml$/
/** What a pack's samples must lead to; not for this program. */
const expectedEnd = /\.expected\.ya?ml$/

/** The rule files under these folders, and these files; proofs and `pack.yml` are none. */
export async function readRuleFiles(paths: readonly string[]): Promise<RuleFile[]> {
  const files = (await filesUnder(paths)).filter((file) => !proofEnd.test(file) && !expectedEnd.test(file) && basename(file) !== packFile)
  if (files.length === 0) throw new UsageError(`There are no rules (*.yml) in ${paths.join(', ')}.`)
  return Promise.all(files.map(readText))
}

/** The proofs, `RULE.test.yml`, under these folders. */
export async function readProofFiles(paths: readonly string[]): Promise<RuleFile[]> {
  return Promise.all((await filesUnder(paths)).filter((file) => proofEnd.test(file)).map(readText))
}

/** Pipelines to be used together, and the text that they were read from. */
export interface Pipelines {
  readonly pipelines: readonly Pipeline[]
  readonly text: string
}

/** The pipelines named: files, or names of those that come with this package. Where none is named, those that a `pack.yml` in the folders names. */
export async function readPipelines(names: readonly string[], folders: readonly string[]): Promise<Pipelines> {
  const wanted = names.length > 0 ? names : (await Promise.all(folders.map(pipelinesOfPack))).flat()
  const read = await Promise.all([...new Set(wanted)].map(readPipeline))
  return { pipelines: read.map(({ pipeline }) => pipeline), text: read.map(({ text }) => text).join('\n') }
}

async function readPipeline(name: string): Promise<{ readonly pipeline: Pipeline; readonly text: string }> {
  const shipped = fileURLToPath(new URL(`../../pipelines/${name}.yml`, import.meta.url))
  const file = !(await exists(name)) && /^[\w-]+$/.test(name) && (await exists(shipped)) ? shipped : name
  const { text } = await readText(file)
  const { pipeline, diagnostics } = parsePipeline(text, { file })
  if (pipeline === undefined) throw new UsageError(diagnostics.map(formatDiagnostic).join('\n'))
  return { pipeline, text }
}

async function pipelinesOfPack(folder: string): Promise<readonly string[]> {
  const file = join(folder, packFile)
  if (!(await exists(file))) return []
  const source = new Source(file, (await readText(file)).text)
  const [node] = readYaml(source.text, new Findings(source))
  const value = node?.kind === 'map' ? entryOf(node, 'pipelines')?.value : undefined
  return value?.kind === 'list' ? value.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : [])) : []
}

async function filesUnder(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined)
      if (found === undefined) throw new UsageError(`There is no file or folder ${path}.`)
      if (!found.isDirectory()) return [path]
      const entries = await readdir(path, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile() && /^\.ya?ml$/.test(extname(entry.name)))
      return files.map((entry) => join(entry.parentPath, entry.name)).toSorted()
    }),
  )
  return [...new Set(lists.flat())]
}

async function readText(file: string): Promise<RuleFile> {
  try {
    return { file, text: await readFile(file, 'utf8') }
  } catch (cause) {
    throw new UsageError(`The file ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
