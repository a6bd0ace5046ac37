import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { RealProgram } from '../real-program.ts'

/** How a program that sends is made on this machine, in the user's cache. */
export interface Recipe {
  readonly name: string
  readonly version: string
  /** Whatever else the result depends on. */
  readonly inputs?: readonly string[]
  /** Commands that making it takes. */
  readonly needs: readonly string[]
  /** Puts the program into the folder `home`, which is empty. */
  readonly make: (home: string) => Promise<void>
}

/** Where it stands, or is to stand. */
export function homeOf({ name, version, inputs = [] }: Recipe): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vonggac', 'shippers')
  const fingerprint = inputs.length === 0 ? '' : `-${createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 8)}`
  return join(cache, `${name}-${version}${fingerprint}`)
}

/** For tests: its folder, where it has been made. */
export function made(recipe: Recipe): RealProgram<string> {
  const home = homeOf(recipe)
  return {
    name: `${recipe.name} ${recipe.version}`,
    found: existsSync(home) ? home : undefined,
    install: `npm run shippers -- ${recipe.name}`,
    // Its download may fail, which says nothing of this project.
    required: false,
  }
}

/** Makes it where it is not there yet: in a folder of its own first, so that nothing half made looks finished. */
export async function makeOnce(recipe: Recipe): Promise<void> {
  const home = homeOf(recipe)
  if (existsSync(home)) return
  const missing = recipe.needs.filter((command) => !isOnPath(command))
  if (missing.length > 0) throw new Error(`it takes ${missing.join(' and ')}, which this machine does not have`)
  const workshop = `${home}.${process.pid}`
  rmSync(workshop, { recursive: true, force: true })
  mkdirSync(workshop, { recursive: true })
  try {
    await recipe.make(workshop)
    renameSync(workshop, home)
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))
}

/** What the command writes; throws with the end of what it complains about. */
export async function output(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { ...options, env: { ...process.env, ...options.env }, maxBuffer: 1 << 28 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const told = (stderr + stdout).trim().split('\n').slice(-8).join('\n')
    throw new Error(`${command} ${args[0]} failed:\n${told}`, { cause: error })
  }
}
