import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

export interface Metric {
  readonly metric: string
  readonly value: number
  readonly unit: string
}

/** Prints the table, names the machine, and writes the JSON file when one is asked for. */
export function report(metrics: readonly Metric[], jsonFile?: string): void {
  const width = Math.max(...metrics.map(({ metric }) => metric.length))
  console.log(`\n${machine()}`)
  for (const { metric, value, unit } of metrics) console.log(`${metric.padEnd(width)}  ${format(value).padStart(12)} ${unit}`)
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(metrics, undefined, 2)}\n`)
}

function machine(): string {
  const processors = cpus()
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
}

function format(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

/** `p` from 0 to 1, by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN
}

/** Milliseconds. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** The median of so many rounds, after one that does not count. */
export async function medianOf(work: () => Promise<unknown>, rounds: number): Promise<number> {
  await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timeOf(work))
  return percentile(times, 0.5)
}

/** Mulberry32: small, seeded, good enough to make test data. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Of a process since its start, user and system, from /proc: hundredths of a second are what Linux counts in. */
export function cpuMicroseconds(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
  return (Number(afterName[11]) + Number(afterName[12])) * 10_000
}
