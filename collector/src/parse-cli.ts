import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { detectParsers, loadParsers, parseLines, ParserMistake } from './parsing/index.ts'
import { productParsers } from './start.ts'

/**
 * Tries a parser out: prints the event of each line of a file. Exit codes: 0 all lines read, 1 some were not, 2 wrong use or a wrong parser.
 * With `--detect`: which parsers read the lines best; 1 when none reads any.
 */
const usage = `Usage: node dist/parse-cli.js --parser NAME [--parsers FOLDER] [--http | --followed] [--time-zone ZONE] FILE
       node dist/parse-cli.js --detect [--parsers FOLDER] [--http] FILE
  --detect           say which parsers read the lines, the best first
  --parser NAME      folder of the parser
  --parsers FOLDER   where parsers are (by default those of the product)
  --http             take the lines as from HTTP: without looking for a syslog header
  --followed         take them as from a file that is followed: joined, and under their heading, as the parser has it
  --time-zone ZONE   of times that carry none (default Asia/Ho_Chi_Minh)`

async function main(): Promise<number> {
  const string = { type: 'string' } as const
  const options = {
    parser: string,
    parsers: string,
    'time-zone': string,
    http: { type: 'boolean' },
    followed: { type: 'boolean' },
    detect: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return say(usage, 0)
  const [file] = positionals
  const isWrong = (values.parser === undefined) !== (values.detect === true) || (values.http && values.followed)
  if (file === undefined || isWrong) return complain(usage)
  const parsers = await loadParsers(values.parsers ?? productParsers)
  if (values.parser === undefined) return detect(parsers, await readFile(file), values.http ? ['plain'] : undefined)
  const parser = parsers.get(values.parser)
  if (!parser) return complain(`There is no parser "${values.parser}"; parsers are: ${[...parsers.keys()].join(', ')}.`)
  const framing = values.followed ? 'file' : values.http ? 'plain' : 'syslog'
  const zone = values['time-zone']
  const events = parseLines(parser, await readFile(file), { framing, ...(zone === undefined ? {} : { timeZone: zone }) })
  for (const event of events) console.log(JSON.stringify(event))
  return events.some((event) => event['error.code'] !== undefined) ? 1 : 0
}

const comes = {
  syslog: '',
  plain: ', as lines without a syslog header',
  journal: ', as entries of a journal',
  file: ', as lines of a file that is followed',
} as const

function detect(parsers: Awaited<ReturnType<typeof loadParsers>>, file: Buffer, framings: ['plain'] | undefined): number {
  const found = detectParsers(parsers.values(), file, framings)
  for (const { parser, framing, lines, read, unknown } of found) {
    const strange = unknown > 0 ? `, ${unknown} of them with a message that it does not know` : ''
    console.log(`${parser}: ${read} of ${lines} lines${strange}${comes[framing]}`)
  }
  return found.length > 0 ? 0 : complain('No parser reads any of the lines.', 1)
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

function complain(text: string, code = 2): number {
  console.error(text)
  return code
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const expected = error instanceof ParserMistake || 'code' in error
    console.error(expected ? error.message : error)
    process.exitCode = 2
  },
)
