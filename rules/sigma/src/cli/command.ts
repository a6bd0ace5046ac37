import type { ParseArgsConfig } from 'node:util'

/** Where a command writes. Results go to `out`, everything about the run to `err`. */
export interface Io {
  readonly out: (text: string) => void | Promise<void>
  readonly err: (text: string) => void
  /** Whether `err` is a terminal, on which progress may be shown. */
  readonly isTerminal: boolean
}

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  readonly usage: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** The exit code: 0 good, 1 something was found wrong. Throws UsageError for what it cannot work with. */
  readonly run: (paths: readonly string[], values: Values, io: Io) => Promise<number>
}

/** The command line or a file that it names is wrong: told to the user, exit code 2. */
export class UsageError extends Error {}

export function flag(values: Values, name: string): boolean {
  return values[name] === true
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function list(values: Values, name: string): readonly string[] {
  const value = values[name]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}
