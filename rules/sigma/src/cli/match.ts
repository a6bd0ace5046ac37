import { createMatcher } from '../match/matcher.ts'
import { flag, list, text, UsageError, type Command, type Io } from './command.ts'
import { correlating } from './correlating.ts'
import { counted } from './diagnostics.ts'
import { lineChunks } from './lines.ts'
import { loadFrom, loadFromCache, refusedNote, ruleOptions, ruleUsage } from './rules.ts'

export const match: Command = {
  summary: 'find the events that rules match',
  usage: `sigma match --rules FOLDER… [--pipeline FILE…] [--all] [--json] [--correlate] FILE…

Matches events, one JSON object a line, flat or nested, in plain or gzip files; "-" is the standard input. An event's log source is named by its
fields product, category and service; a rule is skipped where both name a dimension and differ.

  --rules FOLDER       rules, correlations and filters; may be repeated
${ruleUsage}
  --all                try every rule on every event
  --logsource PREFIX   the log source is in PREFIX.product, PREFIX.category and PREFIX.service
  --json               print one JSON object a match: {"event": n, "rule": id}; events are lines counted from 0 through all files
  --correlate          evaluate correlation rules too, by each event's time; a rule that only feeds them then reports nothing itself
  --time FIELD         the field with that time, "@timestamp" unless told otherwise: ISO 8601, or milliseconds since 1970
  --cache FILE         keep the loaded rules there, so that the next start is fast

Progress, throughput and lines that are no events are told on the standard error.
Exit code: 0 good, whether or not anything matched; 1 some lines are no events; 2 wrong usage.`,
  options: {
    rules: { type: 'string', multiple: true },
    ...ruleOptions,
    all: { type: 'boolean' },
    logsource: { type: 'string' },
    json: { type: 'boolean' },
    correlate: { type: 'boolean' },
    time: { type: 'string' },
    cache: { type: 'string' },
  },
  async run(paths, values, io) {
    const folders = list(values, 'rules')
    if (folders.length === 0) throw new UsageError('Name the rules: --rules FOLDER.')
    if (paths.length === 0) throw new UsageError('Name a file with events, or - for the standard input.')
    const started = performance.now()
    const cache = text(values, 'cache')
    const loaded = await (cache === undefined ? loadFrom(folders, values) : loadFromCache(folders, values, cache))
    io.err(`${counted(loaded.rules.length, 'rule')} loaded in ${Math.round(performance.now() - started)} ms${refusedNote(loaded)}\n`)
    const { logsource } = values
    const matcher = createMatcher(loaded.rules, {
      all: flag(values, 'all'),
      ...(typeof logsource === 'string' && {
        logSourceFields: { product: `${logsource}.product`, category: `${logsource}.category`, service: `${logsource}.service` },
      }),
    })
    const correlator = flag(values, 'correlate') ? correlating(loaded, text(values, 'time') ?? '@timestamp') : undefined
    const run = new Run(io)
    for (const file of paths) {
      let lineOfFile = 0
      for await (const chunk of lineChunks(file)) {
        const output: string[] = []
        const { lines, rejected } = matcher.matchLines(chunk, (line, start, end, index) => {
          const rule = loaded.rules[index]
          if (rule === undefined) return
          const silent = correlator?.add(rule, chunk.subarray(start, end), run.base + line)
          if (silent) return
          run.matches++
          output.push(
            flag(values, 'json')
              ? `{"event":${run.base + line},"rule":${JSON.stringify(rule.id)}}\n`
              : `${file}:${lineOfFile + line + 1}: ${rule.title} (${rule.id})\n`,
          )
        })
        for (const { line, reason } of rejected) io.err(`${file}:${lineOfFile + line + 1}: no event: ${reason}\n`)
        if (output.length > 0) await io.out(output.join(''))
        const passed = linesIn(chunk)
        lineOfFile += passed
        run.progress(lines, rejected.length, passed)
      }
    }
    for (const hit of correlator?.finish() ?? []) await io.out(flag(values, 'json') ? hit.json : hit.text)
    run.summary()
    return run.rejected > 0 ? 1 : 0
  },
}

const newline = 0x0a

/** Lines of a chunk, one without its newline at the end of a file included. */
function linesIn(chunk: Uint8Array): number {
  let count = chunk.at(-1) === newline ? 0 : 1
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) count++
  return count
}

/** Counts of a run and their telling. */
class Run {
  matches = 0
  rejected = 0
  /** Lines before the chunk at hand, through all files. */
  base = 0
  #events = 0
  #told = 0
  readonly #io: Io
  readonly #started = performance.now()
  readonly #processor = process.cpuUsage()

  constructor(io: Io) {
    this.#io = io
  }

  progress(events: number, rejected: number, lines: number): void {
    this.#events += events
    this.rejected += rejected
    this.base += lines
    const now = performance.now()
    if (!this.#io.isTerminal || now - this.#told < 500) return
    this.#told = now
    this.#io.err(`\r${this.#events.toLocaleString('en')} events, ${this.#rate()} events/s \u001b[K`)
  }

  summary(): void {
    const { user, system } = process.cpuUsage(this.#processor)
    const processor = `${((user + system) / 1e6).toFixed(2)} s of processor time`
    const rejected = this.rejected > 0 ? `, ${counted(this.rejected, 'line')} rejected` : ''
    this.#io.err(
      `${this.#io.isTerminal ? '\r' : ''}${counted(this.#events, 'event')}, ${counted(this.matches, 'match')}${rejected}; ` +
        `${this.#rate()} events/s, ${processor}\n`,
    )
  }

  #rate(): string {
    return Math.round(this.#events / ((performance.now() - this.#started) / 1000)).toLocaleString('en')
  }
}
