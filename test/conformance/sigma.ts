/**
 * Holds the Sigma matcher and DuckDB SQL to the reference evaluator on every rule and every event of some folders, and reads back what `toSigma`
 * and `toKql` write of every rule.
 *
 *     npm run conformance -- FOLDER… [--events N]
 *
 * Everything below the folders is taken: rules (*.yml with a `detection`), events (*.ndjson, also gzip; of each file at most N, spread
 * evenly, 300 by default) and recorded Windows events (*.json, `{"Event":…}`), as SigmaHQ keeps them beside an `info.yml` that names the
 * rules they must match. Each event is matched as bytes and as an object, routed by its log source and against every rule, before and
 * after the matcher has learned from the events. The exit code is 1 where anything differs or an expected match is missing.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { appliesTo, type CompiledRule, createMatcher, evaluate, loadRules, logSourceOf, type Matcher, readEvent } from '@vonggac/sigma'
import { parse } from 'yaml'
import { foundBySql } from './duckdb.ts'
import { rewritten } from './rewritten.ts'
import { filesUnder, readEvents, readRuleFiles } from '../support/sigma-corpus.ts'
import { readRecords, windowsEvent } from '../support/windows-record.ts'

/** An event as one line of JSON, and where it comes from. */
interface Case {
  readonly line: string
  readonly from: string
}

/** A rule that must match so many of a file's events. */
interface Expectation {
  readonly from: string
  readonly rule: string
  readonly count: number
}

function generatedCases(folder: string, limit: number): Case[] {
  return filesUnder(folder, /\.ndjson(\.gz)?$/).flatMap((file) => {
    const lines = new TextDecoder().decode(readEvents(file)).split('\n').filter(Boolean)
    const step = Math.max(1, Math.floor(lines.length / limit))
    return lines.flatMap((line, i) => (i % step === 0 && i / step < limit ? [{ line, from: file }] : []))
  })
}

function recordedCases(folder: string): Case[] {
  return filesUnder(folder, /\.json$/).flatMap((from) => {
    const text = readFileSync(from, 'utf8')
    if (!/^\uFEFF?\s*\{\s*"Event"/.test(text)) return []
    return readRecords(text).map((record) => ({ line: JSON.stringify(windowsEvent(record)), from }))
  })
}

interface Info {
  readonly rule_metadata?: readonly { readonly id: string }[]
  readonly regression_tests_info?: readonly { readonly path?: string; readonly match_count?: number }[]
}

function expectationsOf(file: string): Expectation[] {
  const path = join(dirname(file), 'info.yml')
  if (!existsSync(path)) return []
  const { rule_metadata: rules = [], regression_tests_info: tests = [] } = parse(readFileSync(path, 'utf8')) as Info
  const own = tests.find((test) => test.path !== undefined && basename(test.path, '.evtx') === basename(file, '.json'))
  return rules.map(({ id }) => ({ from: file, rule: id, count: own?.match_count ?? 1 }))
}

/** What the matcher finds in each case: as bytes, then as an object. */
function* matched(matcher: Matcher, cases: readonly Case[]): Iterable<readonly [how: string, found: readonly (readonly number[])[]]> {
  const numbers = new Map(matcher.rules.map((rule, i) => [rule, i]))
  const ndjson = new TextEncoder().encode(cases.map(({ line }) => line).join('\n'))
  for (const how of ['bytes', 'bytes, having learned']) {
    const found: number[][] = cases.map(() => [])
    matcher.matchLines(ndjson, (line, _start, _end, rule) => found[line]!.push(rule))
    while (matcher.maintain());
    yield [how, found]
  }
  yield ['objects', cases.map(({ line }) => matcher.match(JSON.parse(line)).map((rule) => numbers.get(rule)!))]
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { events: { type: 'string', default: '300' } } })
  if (positionals.length === 0) {
    console.error('usage: npm run conformance -- FOLDER… [--events N]')
    return 2
  }
  const files = positionals.flatMap(readRuleFiles).filter(({ text }) => /^detection:/m.test(text))
  const { rules, diagnostics } = loadRules(files)
  const refused = diagnostics.filter(({ severity }) => severity === 'error')
  const cases = positionals.flatMap((folder) => [...generatedCases(folder, Number(values.events)), ...recordedCases(folder)])
  console.log(`${files.length} rule files, ${rules.length} rules, ${refused.length} errors; ${cases.length} events`)
  const truth = cases.map(({ line }) => trueRules(rules, line))
  console.log(
    `${rules.length * cases.length} pairs of a rule and an event, ${truth.reduce((sum, list) => sum + list.length, 0)} of them matches`,
  )
  const expectations = [...new Set(cases.map(({ from }) => from))].flatMap(expectationsOf)
  const missing = expectations.flatMap(({ from, rule, count }) => {
    const found = cases.filter((each, i) => each.from === from && truth[i]!.some((index) => rules[index]!.id === rule)).length
    return found >= count ? [] : [`${from}: rule ${rule} matches ${found} events instead of ${count}`]
  })
  console.log(`${expectations.length - missing.length} of ${expectations.length} expectations met`)
  const differences = [...compare(rules, cases, truth, true), ...compare(rules, cases, truth, false)]
  const sql = await foundBySql(
    rules,
    cases.map(({ line }) => readEvent(line)),
  )
  const sqlDifferences = [...differencesOf('SQL', rules, cases, truth, sql.found)]
  const again = rewritten(rules)
  for (const line of [...missing, ...differences, ...sqlDifferences, ...again.differences].slice(0, 50)) console.error(line)
  console.log(`${differences.length} differences between the reference and the matcher`)
  console.log(`${sqlDifferences.length} differences between the reference and DuckDB SQL; ${sql.verified} rules had to be verified`)
  console.log(
    `${again.differences.length} differences of rules written anew: ${again.sigma} came back from Sigma, ${again.kql} from KQL; ${again.wider} are wider in KQL`,
  )
  return missing.length + differences.length + sqlDifferences.length + again.differences.length === 0 ? 0 : 1
}

function trueRules(rules: readonly CompiledRule[], line: string): number[] {
  const event = readEvent(line)
  return [...rules.keys()].filter((i) => evaluate(rules[i]!.expression, event))
}

function* compare(
  rules: readonly CompiledRule[],
  cases: readonly Case[],
  truth: readonly (readonly number[])[],
  all: boolean,
): Iterable<string> {
  const fields = { product: 'product', category: 'category', service: 'service' }
  const expected = cases.map(({ line }, i) => {
    const source = logSourceOf(readEvent(line), fields)
    return truth[i]!.filter((rule) => all || appliesTo(rules[rule]!.logSource, source))
  })
  for (const [how, found] of matched(createMatcher(rules, { all }), cases)) yield* differencesOf(how, rules, cases, expected, found)
}

function* differencesOf(
  how: string,
  rules: readonly CompiledRule[],
  cases: readonly Case[],
  expected: readonly (readonly number[])[],
  found: readonly (readonly number[])[],
): Iterable<string> {
  for (const [i, list] of found.entries()) {
    const wanted = expected[i]!
    for (const rule of list) if (!wanted.includes(rule)) yield `${cases[i]!.from}: ${how}: extra ${rules[rule]!.id}`
    for (const rule of wanted) if (!list.includes(rule)) yield `${cases[i]!.from}: ${how}: missing ${rules[rule]!.id}`
  }
}

process.exitCode = await main()
