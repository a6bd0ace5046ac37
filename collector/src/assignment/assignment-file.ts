import { readFile } from 'node:fs/promises'
import { assignmentSchema, type Assignment } from '@vonggac/contract'
import { writeAtomically } from '../platform/index.ts'

/** The last assignment, so that the collector knows its sources also while the analyzer is away. `undefined` when there is none, or `broken` was told. */
export async function readAssignment(path: string, broken: (detail: string) => void): Promise<Assignment | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') broken(error.message)
    return undefined
  })
  if (text === undefined) return undefined
  try {
    return assignmentSchema.parse(JSON.parse(text))
  } catch (error) {
    broken((error as Error).message)
    return undefined
  }
}

export function writeAssignment(path: string, assignment: Assignment): Promise<void> {
  return writeAtomically(path, JSON.stringify(assignment))
}
