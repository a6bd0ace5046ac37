import { VonggacError, type CaseTask, type LocalizedText, type Playbook, type PlaybookSummary } from '@vonggac/contract'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { extensionOf } from './extension.ts'
import { checkPlaybook, type PlaybookProblem, type PlaybookResult } from './validate.ts'
import { inOrder, type Step } from './workflow.ts'

export interface RefusedPlaybook {
  readonly file: string
  readonly problems: readonly PlaybookProblem[]
}

export interface PlaybookLibrary {
  readonly summaries: readonly PlaybookSummary[]
  /** Playbooks that cannot be used, and why. */
  readonly refused: readonly RefusedPlaybook[]
  /** By folder name. Throws `not-found` with the names that there are. */
  find(name: string): Playbook
  has(name: string): boolean
}

/** One CACAO playbook may run to hundreds of steps, not to megabytes. */
const maxBytes = 4 * 1024 * 1024

/** Reads `<name>/playbook.json` in these folders; of two of one name the later folder's counts, so that a city can replace one of ours. */
export async function readPlaybooks(folders: readonly string[]): Promise<PlaybookLibrary> {
  const playbooks = new Map<string, Playbook>()
  const refused: RefusedPlaybook[] = []
  for (const folder of folders) {
    for (const name of await playbookNames(folder)) {
      const file = join(folder, name, 'playbook.json')
      const result = await readPlaybook(file)
      if (result.playbook) playbooks.set(name, result.playbook)
      else refused.push({ file, problems: result.problems })
    }
  }
  const find = (name: string): Playbook => {
    const found = playbooks.get(name)
    if (!found) throw new VonggacError('not-found', `There is no playbook "${name}"; playbooks are: ${[...playbooks.keys()].join(', ')}.`)
    return found
  }
  return {
    summaries: [...playbooks].map(([name, playbook]) => summaryOf(name, playbook)),
    refused,
    find,
    has: (name) => playbooks.has(name),
  }
}

/** The tasks of a case: the playbook's actions in the order of the workflow. */
export function tasksOf(playbook: Playbook): CaseTask[] {
  return inOrder(playbook)
    .filter(([, step]) => step.type === 'action')
    .map(([id, step]) => {
      const description = descriptionOf(step)
      const mandatory = extensionOf(step['step_extensions']).mandatory ?? false
      return { id, step: id, title: titleOf(step, id), ...(description ? { description } : {}), mandatory, status: 'todo' }
    })
}

export function summaryOf(name: string, playbook: Playbook): PlaybookSummary {
  const own = extensionOf(playbook['playbook_extensions'])
  return {
    name,
    id: playbook.id,
    title: { vi: own.name_vi ?? playbook.name, en: playbook.name },
    ...(playbook.description ? { description: playbook.description } : {}),
    steps: tasksOf(playbook).length,
  }
}

function titleOf(step: Step, id: string): LocalizedText {
  const en = step.name ?? id
  return { vi: extensionOf(step['step_extensions']).name_vi ?? en, en }
}

function descriptionOf(step: Step): LocalizedText | undefined {
  const en = step.description
  return en ? { vi: extensionOf(step['step_extensions']).description_vi ?? en, en } : undefined
}

async function playbookNames(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const withFile = await Promise.all(
      folders.map(async (name) => ((await readdir(join(folder, name))).includes('playbook.json') ? [name] : [])),
    )
    return withFile.flat().toSorted()
  } catch (error) {
    throw new VonggacError('invalid-configuration', `The folder of playbooks ${folder} cannot be read.`, { cause: error })
  }
}

async function readPlaybook(file: string): Promise<PlaybookResult> {
  const text = await readFile(file, 'utf8')
  if (text.length > maxBytes) return { problems: [{ path: '', message: `the file is larger than ${maxBytes} bytes` }] }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problems: [{ path: '', message: `the file is no JSON: ${error instanceof Error ? error.message : String(error)}` }] }
  }
  return checkPlaybook(value)
}
