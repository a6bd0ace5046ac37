import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { compileParser, StepMistake } from './compile.ts'
import { parserDefinition, type ParserDefinition } from './definition.ts'
import type { Step } from './draft.ts'

/** A parser that is ready to run. */
export interface Parser {
  /** Its folder's name. */
  readonly name: string
  readonly definition: ParserDefinition
  readonly run: Step
}

/** A `parser.yml` that cannot be used: `message` names the file, the line and what is wrong there. */
export class ParserMistake extends Error {
  readonly file: string
  readonly line: number

  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`)
    this.name = 'ParserMistake'
    this.file = file
    this.line = line
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
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: true })
  const broken = document.errors[0]
  if (broken) throw new ParserMistake(file, broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0]!)
  const parsed = parserDefinition.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
    throw new ParserMistake(file, lineOf(document, path, lineCounter), `${dotted(issue.path)}${issue.message}`)
  }
  try {
    return { name, definition: parsed.data, run: compileParser(parsed.data) }
  } catch (error) {
    if (!(error instanceof StepMistake)) throw error
    throw new ParserMistake(file, lineOf(document, error.path, lineCounter), `${dotted(error.path)}${error.message}`)
  }
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${z.core.toDotPath(path)}: `
}

/** The line of the node at the path, or of its nearest parent that stands in the file. */
function lineOf(document: Document, path: readonly PropertyKey[], lineCounter: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
    if (node?.range) return lineCounter.linePos(node.range[0]).line
  }
  return 1
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
