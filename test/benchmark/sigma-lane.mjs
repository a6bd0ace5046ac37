/**
 * One measurement of the Sigma matcher in a process of its own, in plain JavaScript so that nothing but Node and the built library is in
 * it. Takes one JSON argument: {ruleSet, events, all, mode}, where `ruleSet` is a file with an encoded rule set, `events` one with NDJSON,
 * and `mode` is `raw` or `parsed` (steady state: one pass to warm up, then passes until `seconds` of processor time) or `whole` (one pass).
 * Prints one JSON object.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { createMatcher, decodeRuleSet } from '@vonggac/sigma/match'

const newline = 0x0a
const chunkBytes = 1 << 18
const { ruleSet, events, all, mode, seconds } = JSON.parse(process.argv[2])

const started = performance.now()
const { rules } = decodeRuleSet(readFileSync(ruleSet, 'utf8'))
const decoded = performance.now()
const matcher = createMatcher(rules, { all })
const created = performance.now()

/** Calls back with pieces of the file that end with a whole line. */
function forEachChunk(file, use) {
  const handle = openSync(file)
  let buffer = new Uint8Array(chunkBytes)
  let held = 0
  for (;;) {
    const read = readSync(handle, buffer, held, buffer.length - held, null)
    const length = held + read
    const end = read === 0 ? length : buffer.lastIndexOf(newline, length - 1) + 1
    if (end > 0) use(buffer.subarray(0, end))
    if (read === 0) break
    buffer.copyWithin(0, end, length)
    held = length - end
    if (held === buffer.length) {
      const larger = new Uint8Array(buffer.length * 2)
      larger.set(buffer)
      buffer = larger
    }
  }
  closeSync(handle)
}

let matches = 0
let lines = 0
let rejected = 0
const onHit = () => matches++
const matchChunk = (chunk) => {
  const result = matcher.matchLines(chunk, onHit)
  lines += result.lines
  rejected += result.rejected.length
}
const matchParsed = (list) => {
  for (const event of list) matches += matcher.match(event).length
  lines += list.length
}

function processorSeconds(since) {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const result = { rules: rules.length, decodeMs: decoded - started, createMs: created - decoded }
if (mode === 'whole') forEachChunk(events, matchChunk)
else {
  const chunks = []
  forEachChunk(events, (chunk) => chunks.push(chunk.slice()))
  const text = mode === 'parsed' ? chunks.map((chunk) => Buffer.from(chunk).toString()).join('') : ''
  const list = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const pass = mode === 'parsed' ? () => matchParsed(list) : () => chunks.forEach(matchChunk)
  do pass()
  while (matcher.statistics().events < 20_000)
  const before = matcher.statistics()
  lines = 0
  matches = 0
  const since = process.cpuUsage()
  do pass()
  while (processorSeconds(since) < seconds)
  const after = matcher.statistics()
  result.eventsPerSecond = lines / processorSeconds(since)
  result.candidatesPerEvent = (after.candidates - before.candidates) / (after.events - before.events)
}
result.lines = lines
result.matches = matches
result.rejected = rejected
result.residentBytes = process.memoryUsage().rss
result.indexBytes = matcher.statistics().routes.reduce((sum, route) => sum + route.memory, 0)
console.log(JSON.stringify(result))
