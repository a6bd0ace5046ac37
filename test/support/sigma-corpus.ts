/** Rules and events of a user's folder, for benchmarks and conformance. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { RuleFile } from '@vonggac/sigma'
import { parse } from 'yaml'
import { random } from '../benchmark/report.ts'

export function filesUnder(folder: string, extension: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

export function readRuleFiles(folder: string): RuleFile[] {
  return filesUnder(folder, /\.ya?ml$/).map((file) => ({ file, text: readFileSync(file, 'utf8') }))
}

/** The bytes of a file of NDJSON, plain or gzip. */
export function readEvents(file: string): Uint8Array {
  const bytes = readFileSync(file)
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

/**
 * Writes `count` rules to a folder: those given, then copies of them in which each text of the detection is changed somewhere, so that
 * no copy shares a predicate with another. The copies are JSON, which is YAML.
 */
export function multiplyRules(files: readonly RuleFile[], count: number, folder: string, seed: number): void {
  const next = random(seed)
  mkdirSync(folder, { recursive: true })
  const parsed = files.flatMap(({ text }) => {
    const rule: unknown = parseOrNothing(text)
    return isRule(rule) ? [rule] : []
  })
  for (let i = 0; i < count; i++) {
    const rule = parsed[i % parsed.length]!
    const copy = i < parsed.length ? rule : { ...rule, id: uuid(next), detection: mutateDetection(rule.detection, next) }
    writeFileSync(join(folder, `${String(i).padStart(6, '0')}.yml`), JSON.stringify(copy))
  }
}

interface Rule {
  readonly detection: Readonly<Record<string, unknown>>
}

function parseOrNothing(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function isRule(value: unknown): value is Rule {
  return (
    typeof value === 'object' && value !== null && 'detection' in value && typeof value.detection === 'object' && value.detection !== null
  )
}

function mutateDetection(detection: Rule['detection'], next: () => number): Record<string, unknown> {
  const change = ([name, value]: [string, unknown]) => [
    name,
    name === 'condition' || name === 'timeframe' ? value : mutate(value, name, next),
  ]
  return Object.fromEntries(Object.entries(detection).map(change))
}

function mutate(value: unknown, key: string, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((member) => mutate(member, key, next))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mutate(member, name, next)]))
  }
  return typeof value === 'string' && !/\|(?:re|cidr|fieldref|expand)/.test(key) ? mutateText(value, next) : value
}

/** Replaces up to three letters at one place by others, at random. */
function mutateText(text: string, next: () => number): string {
  const places = [...text.matchAll(/[A-Za-z]{1,3}/g)]
  const place = places[Math.floor(next() * places.length)]
  if (place === undefined) return text
  const letters = Array.from(place[0], () => String.fromCharCode(97 + Math.floor(next() * 26))).join('')
  return text.slice(0, place.index) + letters + text.slice(place.index + letters.length)
}

function uuid(next: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
