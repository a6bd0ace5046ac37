import { random } from '../benchmark/report.ts'

/** Malformed frames that go through each source: few by default, VONGGAC_MALFORMED=1000000 for the whole measure. */
export const malformed = Number(process.env['VONGGAC_MALFORMED'] ?? 3_000)

/** What a test with so many of them may take, in ms. */
export const patience = 120_000 + malformed * 2

const next = random(20_261_122)

/** The same at every run. */
export function below(most: number): number {
  return Math.floor(next() * most)
}

export function oneOf<T>(values: readonly T[]): T {
  return values[below(values.length)]!
}

const bytes = [0, 1, 9, 32, 34, 44, 58, 60, 61, 62, 91, 92, 93, 123, 125, 200, 255]

/** 1 to `most` bytes as latin1, no line ends among them. */
export function noise(most: number): string {
  return Array.from({ length: 1 + below(most) }, () => String.fromCharCode(below(2) === 0 ? oneOf(bytes) : 14 + below(240))).join('')
}

/**
 * A frame that no device would send; latin1. There are no line ends in it, and something at both ends that no framing cuts off. One in eleven is longer
 * than `limit`.
 */
export function brokenSyslog(limit: number): string {
  return `<${oneOf([
    () => noise(80),
    () => `${below(400)}>${noise(60)}`,
    () => `34>1 ${noise(40)}`,
    () => `34>1 2026-13-45T99:99:99Z - - - [${noise(40)}`,
    () => `34>1 2026-11-22T10:00:00Z h p - - ${'[a b="'.repeat(1 + below(30))}`,
    () => `34>Nov 31 25:61:61 ${noise(20)}`,
    () => `13>CEF:0|${noise(60)}`,
    () => `13>Nov 22 10:00:00 h sshd[${'9'.repeat(below(30))}]: ${noise(40)}`,
    () => `13>{"a":${'{"b":'.repeat(below(60))}`,
    () => `13>date=${noise(30)} devid="${noise(20)} type=`,
    () => '13>'.padEnd(limit + 1 + below(limit), 'x'),
  ])()}.`
}

/** A text that is no JSON object; latin1, without line ends. One in nine is longer than `limit`. */
export function brokenJson(limit: number): string {
  return oneOf([
    () => noise(60),
    () => '{"a":'.repeat(1 + below(40)),
    () => '['.repeat(1 + below(400)),
    () => `"${'x'.repeat(below(200))}`,
    () => oneOf(['7', 'null', '""', '[]', 'true']),
    () => '{"a":"\\u12"}',
    () => `{"a":${'9'.repeat(below(400))}`,
    () => '{"@timestamp":1,}',
    () => `{"a":"${'x'.repeat(limit + below(limit))}"}`,
  ])()
}
