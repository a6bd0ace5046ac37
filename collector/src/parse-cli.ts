import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { loadParsers, parseLines, ParserMistake } from './parsing/index.ts'
import { productParsers } from './start.ts'

/** Tries a parser out: prints the event of each line of a file. Exit codes: 0 all lines read, 1 some were not, 2 wrong use or a wrong parser. */
const usage = `Usage: node dist/parse-cli.js --parser NAME [--parsers FOLDER] [--http] [--time-zone ZONE] FILE
  --parser NAME      folder of the parser
  --parsers FOLDER   where parsers are (by default those of the product)
  --http             take the lines as from HTTP: without looking for a syslog header
  --time-zone ZONE   of times that carry none (default Asia/Ho_Chi_Minh)`

async function main(): Promise<number> {
  const string = { type: 'string' } as const
  const options = { parser: string, parsers: string, 'time-zone': string, http: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return say(usage, 0)
  const [file] = positionals
  if (values.parser === undefined || file === undefined) return complain(usage)
  const parsers = await loadParsers(values.parsers ?? productParsers)
  const parser = parsers.get(values.parser)
  if (!parser) return complain(`There is no parser "${values.parser}"; parsers are: ${[...parsers.keys()].join(', ')}.`)
  const framing = values.http ? 'plain' : 'syslog'
  const zone = values['time-zone']
  const events = parseLines(parser, await readFile(file), { framing, ...(zone === undefined ? {} : { timeZone: zone }) })
  for (const event of events) console.log(JSON.stringify(event))
  return events.some((event) => event['error.code'] !== undefined) ? 1 : 0
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

function complain(text: string): number {
  console.error(text)
  return 2
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const expected = error instanceof ParserMistake || 'code' in error
    console.error(expected ? error.message : error)
    process.exitCode = 2
  },
)
