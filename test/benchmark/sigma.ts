import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeRuleSet, loadRules } from '@vonggac/sigma'
import { multiplyRules, readEvents, readRuleFiles } from '../support/sigma-corpus.ts'
import { type Metric, percentile, report } from './report.ts'

const usage = `npm run bench:sigma -- --rules FOLDER --events FILE… [--all] [--count N] [--repeat N] [--seed N] [--json FILE]

Measures the Sigma matcher on each file of events (NDJSON, plain or gzip), in events per second of processor time on one core:
  raw     from bytes to matches, after 20,000 events to warm up        parsed   the same on events that are objects already
  whole   a process that loads the compiled rules and matches 100,000 events, start and learning charged
An event's log source is named by its fields product, category and service; a rule is skipped where both name a dimension and differ.
Where rsigma is on the PATH it is measured beside it: steady state as the difference of a long and a short run, and the whole process.

  --all        try every rule on every event
  --count N    use N rules: those in the folder, then copies of them with changed texts
  --repeat N   the median of N measurements (default 1)
  --seconds N  processor time of a measurement in steady state (default 1.5)
  --no-peer    leave rsigma out`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rules: { type: 'string' },
    events: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    count: { type: 'string' },
    repeat: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '1.5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    'no-peer': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const eventFiles = [...values.events, ...positionals]
if (values.help || values.rules === undefined || eventFiles.length === 0) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const laneScript = new URL('sigma-lane.mjs', import.meta.url).pathname
const shortRun = 20_000
const wholeRun = 100_000
const repeat = Number(values.repeat)
const folder = mkdtempSync(join(tmpdir(), 'sigma-bench-'))
const metrics: Metric[] = []
const add = (metric: string, value: number, unit: string) => metrics.push({ metric, value, unit })

interface Lane {
  readonly rules: number
  readonly decodeMs: number
  readonly createMs: number
  readonly eventsPerSecond: number
  readonly candidatesPerEvent: number
  readonly lines: number
  readonly matches: number
  readonly rejected: number
  readonly residentBytes: number
  readonly indexBytes: number
}

try {
  const rules = prepareRules(values.rules)
  const peer = !values['no-peer'] && spawnSync('rsigma', ['--version']).status === 0
  if (!peer) console.log('rsigma is not measured' + (values['no-peer'] ? '' : ': it is not on the PATH'))
  for (const file of eventFiles) measure(file, rules, peer)
  report(metrics, values.json)
} finally {
  rmSync(folder, { recursive: true })
}

/** Loads the rules from YAML and writes them compiled. */
function prepareRules(given: string): { readonly folder: string; readonly ruleSet: string } {
  let rulesFolder = given
  if (values.count !== undefined) {
    rulesFolder = join(folder, 'rules')
    multiplyRules(readRuleFiles(given), Number(values.count), rulesFolder, Number(values.seed))
  }
  const files = readRuleFiles(rulesFolder)
  const started = performance.now()
  const loaded = loadRules(files)
  add('rules: load from YAML', performance.now() - started, 'ms')
  add('rules: loaded', loaded.rules.length, 'rules')
  const ruleSet = join(folder, 'rules.json')
  writeFileSync(ruleSet, encodeRuleSet(loaded))
  return { folder: rulesFolder, ruleSet }
}

function measure(file: string, rules: { readonly folder: string; readonly ruleSet: string }, peer: boolean): void {
  const name = basename(file).replace(/\..*$/, '')
  const events = join(folder, `${name}.ndjson`)
  const short = join(folder, 'short.ndjson')
  const whole = join(folder, 'whole.ndjson')
  const bytes = readEvents(file)
  writeFileSync(events, bytes)
  writeLines(bytes, shortRun, short)
  writeLines(bytes, wholeRun, whole)
  const options = { ruleSet: rules.ruleSet, all: values.all, seconds: Number(values.seconds) }
  const lane = (mode: string) => runLane({ ...options, events, mode })
  const raw: Lane[] = []
  const parsed: Lane[] = []
  const seconds: number[] = []
  const peerRates: number[] = []
  const peerSeconds: number[] = []
  for (let round = 0; round < repeat; round++) {
    raw.push(lane('raw'))
    parsed.push(lane('parsed'))
    seconds.push(processorSeconds([process.execPath, laneScript, JSON.stringify({ ...options, events: whole, mode: 'whole' })]))
    if (!peer) continue
    const long = processorSeconds(rsigma(rules.folder, whole))
    peerRates.push((wholeRun - shortRun) / (long - processorSeconds(rsigma(rules.folder, short))))
    peerSeconds.push(long)
  }
  const [first] = raw
  const rawRate = median(raw.map(({ eventsPerSecond }) => eventsPerSecond))
  add(`${name}: raw bytes`, rawRate, 'events/s')
  add(`${name}: parsed events`, median(parsed.map(({ eventsPerSecond }) => eventsPerSecond)), 'events/s')
  add(`${name}: whole process`, wholeRun / median(seconds), 'events/s')
  add(`${name}: matches`, first!.matches / first!.lines, 'an event')
  add(`${name}: candidates`, first!.candidatesPerEvent, 'an event')
  add(`${name}: rejected lines`, first!.rejected, 'lines')
  add(`${name}: load compiled rules`, first!.decodeMs + first!.createMs, 'ms')
  add(`${name}: memory of the process`, first!.residentBytes / 2 ** 20, 'MiB')
  add(`${name}: memory of the indexes`, first!.indexBytes / 2 ** 20, 'MiB')
  if (!peer) return
  add(`${name}: rsigma`, median(peerRates), 'events/s')
  add(`${name}: raw bytes against rsigma`, rawRate / median(peerRates), 'times')
  add(`${name}: whole process against rsigma`, median(peerSeconds) / median(seconds), 'times')
}

function runLane(task: object): Lane {
  const { status, stdout, stderr } = spawnSync(process.execPath, [laneScript, JSON.stringify(task)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the measurement failed: ${stderr}`)
  return JSON.parse(stdout) as Lane
}

function rsigma(rulesFolder: string, events: string): string[] {
  const routing = values.all ? [] : ['--logsource-routing']
  return ['rsigma', 'engine', 'eval', '--rules', rulesFolder, '--event', `@${events}`, '--input-format', 'json', '--quiet', ...routing]
}

/** User and system time of a command with its output thrown away, as the shell counts it. */
function processorSeconds(command: readonly string[]): number {
  const { stdout, status } = spawnSync('sh', ['-c', '"$@" >/dev/null 2>&1 || exit 1; times', 'sh', ...command], { encoding: 'utf8' })
  const children = stdout.trim().split('\n').at(-1) ?? ''
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
  if (status !== 0 || times.length !== 2) throw new Error(`${command[0]} failed`)
  return times[0]! + times[1]!
}

/** Writes the first `count` lines, from the beginning again as often as needed. */
function writeLines(bytes: Uint8Array, count: number, file: string): void {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
  writeFileSync(file, Array.from({ length: count }, (_, i) => `${lines[i % lines.length]}\n`).join(''))
}

function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5)
}
