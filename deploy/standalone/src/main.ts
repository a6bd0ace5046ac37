#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander'
import { backup } from './commands/backup.ts'
import { checkConfig } from './commands/check-config.ts'
import { demo } from './commands/demo.ts'
import { migrate } from './commands/migrate.ts'
import { restore } from './commands/restore.ts'
import { start } from './commands/start.ts'
import { verify } from './commands/verify.ts'
import { exitCodes, Failure } from './failure.ts'

const program = new Command('vonggac').description('Vọng Gác: the security operations platform of a smart city')

const configOption = ['-c, --config <file>', 'configuration; ./vonggac.yml or the built-in defaults where it is not given'] as const

program
  .command('start')
  .description('start collector and analyzer and keep them running')
  .option(...configOption)
  .action(start)
program
  .command('demo')
  .description('start, and replay a recorded attack on the citizen portal')
  .option(...configOption)
  .option('--speed <factor>', 'how many times faster than it was recorded', positive, 2)
  .action(demo)
program
  .command('check-config')
  .description('tell whether the configuration is right, and where not')
  .option(...configOption)
  .action(checkConfig)
program
  .command('backup')
  .description('back up events and documents, also while the platform runs; into the same folder again it writes only what is new')
  .argument('[folder]', 'where to; analyzer.storage.backupFolder of the configuration where it is not given')
  .option(...configOption)
  .action(backup)
program
  .command('restore')
  .description('put a back-up into a data folder that has no events and documents, after every checksum was compared')
  .argument('<folder>', 'of the back-up')
  .option(...configOption)
  .action(restore)
program
  .command('verify')
  .description('compare every file of the stores, and the audit chains, with their checksums; or those of a back-up')
  .argument('[backup]', 'folder of a back-up')
  .option(...configOption)
  .action(verify)
program
  .command('migrate')
  .description(
    'move all events, documents and audit chains to the other stores of the configuration, compared hour by hour; the platform is stopped meanwhile',
  )
  .requiredOption('--to <engine>', 'elasticsearch or embedded')
  .option(...configOption)
  .action(migrate)

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed')
  return value
}

try {
  await program.parseAsync()
} catch (error) {
  const known = error instanceof Failure
  console.error(known ? error.message : error)
  process.exitCode = known ? error.exitCode : exitCodes.unexpected
}
