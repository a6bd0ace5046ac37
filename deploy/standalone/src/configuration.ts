import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConfig, type Config } from '@vonggac/contract'
import { Failure } from './failure.ts'

export interface Configuration {
  readonly config: Config
  /** Absolute. */
  readonly file: string
  /** The file as a person would name it. */
  readonly shownFile: string
  /** Absolute; the processes are given it instead of `config.dataFolder`. */
  readonly dataFolder: string
}

const defaultsFile = fileURLToPath(new URL('../vonggac.default.yml', import.meta.url))
const parsersFolder = fileURLToPath(new URL('../../../collector/parsers', import.meta.url))

/**
 * Reads the file given, or ./vonggac.yml, or the built-in defaults. Relative paths in it begin at its own folder.
 * Throws a `Failure` that names file and line of each mistake.
 */
export function readConfiguration(given: string | undefined, environment: NodeJS.ProcessEnv, workingFolder = process.cwd()): Configuration {
  const own = resolve(workingFolder, given ?? 'vonggac.yml')
  if (given !== undefined && !existsSync(own))
    throw new Failure('configuration', `There is no file ${given}. Name the configuration with --config.`)
  const isDefault = !existsSync(own)
  const file = isDefault ? defaultsFile : own
  const shownFile = isDefault ? 'vonggac.default.yml (built in)' : relative(workingFolder, file) || file
  const { config, mistakes } = parseConfig(readText(file, shownFile), environment, { parsers: parserNames() })
  if (mistakes) {
    const lines = mistakes.map(({ line, path, message }) => `${place(shownFile, line, path)}: ${message}`)
    throw new Failure('configuration', lines.join('\n'))
  }
  return { config, file, shownFile, dataFolder: resolve(isDefault ? workingFolder : dirname(file), config.dataFolder) }
}

/** `vonggac.yml:12: console.port`; a value without a line came from the environment. */
function place(file: string, line: number | undefined, path: string): string {
  return [line === undefined ? file : `${file}:${line}`, path].filter(Boolean).join(': ')
}

function parserNames(): string[] {
  return readdirSync(parsersFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

function readText(file: string, shownFile: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure('configuration', `${shownFile} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
