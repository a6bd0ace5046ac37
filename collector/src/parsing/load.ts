import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readYaml, saidOfIssue, textOf, together, type Said } from '@vonggac/contract'
import { z } from 'zod'
import { compileParser, StepMistake } from './compile.ts'
import { parserDefinition, type ParserDefinition } from './definition.ts'
import type { Step } from './draft.ts'
import { withInternedTexts } from '../interned.ts'

/** A parser that is ready to run. */
export interface Parser {
  /** Its folder's name. */
  readonly name: string
  readonly definition: ParserDefinition
  readonly run: Step
}

/** A `parser.yml` that cannot be used: `message` names the file, the line and what is wrong there. */
export class ParserMistake extends Error {
  /** The message, with the codes of what is wrong. */
  readonly said: Said

  constructor(file: string, line: number, ...what: readonly Said[]) {
    const said = together(`${file}:${line}:`, ...what)
    super(textOf(said))
    this.name = 'ParserMistake'
    this.said = said
  }
}

/** All parsers below a folder, by name. @throws ParserMistake for the first that is wrong. */
export async function loadParsers(folder: string): Promise<ReadonlyMap<string, Parser>> {
  const parsers = new Map<string, Parser>()
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(folder, entry.name, 'parser.yml')
    if (!entry.isDirectory() || !(await exists(file))) continue
    parsers.set(entry.name, readParser(entry.name, await readFile(file, 'utf8'), file))
  }
  return parsers
}

/** @throws ParserMistake */
export function readParser(name: string, text: string, file = `${name}/parser.yml`): Parser {
  const { yaml, mistakes } = readYaml(text)
  if (!yaml) throw new ParserMistake(file, mistakes[0].line, mistakes[0].said)
  const lineOf = (path: readonly PropertyKey[]) => yaml.lineOf(path) ?? 1
  const parsed = parserDefinition.safeParse(yaml.value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
    throw new ParserMistake(file, lineOf(path), dotted(issue.path), saidOfIssue(issue))
  }
  try {
    const definition = withInternedTexts(parsed.data)
    return { name, definition, run: compileParser(definition) }
  } catch (error) {
    if (!(error instanceof StepMistake)) throw error
    throw new ParserMistake(file, lineOf(error.path), dotted(error.path), error.said)
  }
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${z.core.toDotPath(path)}:`
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
