import { parseArgs } from 'node:util'
import { check } from './check.ts'
import { UsageError, type Command, type Io, type Values } from './command.ts'
import { convert } from './convert.ts'
import { coverage } from './coverage.ts'
import { match } from './match.ts'
import { test } from './test.ts'

const commands: Readonly<Record<string, Command>> = { check, convert, match, test, coverage }

const usage = `sigma COMMAND …

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

sigma COMMAND --help tells more.`

/** Runs a command line without the program's name and gives its exit code. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await io.out(`${usage}\n`)
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    io.err(`There is no command "${name}".\n\n${usage}\n`)
    return 2
  }
  try {
    const { values, positionals } = parse(command, rest)
    if (values['help'] === true) {
      await io.out(`${command.usage}\n`)
      return 0
    }
    return await command.run(positionals, values, io)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    io.err(`${error.message}\nsigma ${name} --help tells how to use it.\n`)
    return 2
  }
}

function parse(command: Command, args: readonly string[]): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } as const }
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}
