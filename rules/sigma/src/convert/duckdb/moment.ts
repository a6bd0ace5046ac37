/** Parts of a moment in DuckDB, by the calendar arithmetic of ir/time.ts: what is out of range (minute 75, month 13) carries over. */
import type { TimePart } from '../../ir/expression.ts'
import { letBe } from './let.ts'

/** JavaScript's white space, which may stand before the zone. */
const space = '[\\t\\n\\x{b}\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]'
const timestamp =
  '^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?)?' +
  `${space}?([Zz]|[+-][0-9]{2}:?[0-9]{2})?$`
const groups = "['year', 'month', 'day', 'hour', 'minute', 'second', 'zone']"

/** SQL of a part of the moment that a text names, NULL where it names none. */
export function timePartOfText(part: TimePart, text: string): string {
  const read = letBe(`regexp_extract(${text}, '${timestamp}', ${groups})`, 'moment', (moment) => partOf(part, secondsOf(moment)))
  return `CASE WHEN length(${text}) <= 40 AND regexp_matches(${text}, '${timestamp}') THEN ${read} END`
}

/** SQL of a part of the moment at so many milliseconds since the epoch, NULL beyond the times that JavaScript has. */
export function timePartOfNumber(part: TimePart, number: string): string {
  return `CASE WHEN abs(${number}) <= 8.64e15 THEN ${partOf(part, `CAST(trunc(${number}) AS BIGINT) / 1000`)} END`
}

function partOf(part: TimePart, seconds: string): string {
  return `date_part('${part}', make_timestamp(CAST(floor(${seconds}) AS BIGINT) * 1000000))`
}

function secondsOf(moment: string): string {
  const number = (group: string) => `CAST(coalesce(nullif(${moment}['${group}'], ''), '0') AS BIGINT)`
  const zone = `${moment}['zone']`
  const year = `(${number('year')} + CASE WHEN ${number('year')} < 100 THEN 1900 ELSE 0 END)`
  const months = `(${year} * 12 + ${number('month')} - 1)`
  const days = `(date_diff('day', DATE '1970-01-01', make_date(${months} // 12, ${months} % 12 + 1, 1)) + ${number('day')} - 1)`
  const offset = `(CAST(${zone}[2:3] AS BIGINT) * 60 + CAST(right(${zone}, 2) AS BIGINT))`
  const signed = `CASE ${zone}[1] WHEN '+' THEN ${offset} WHEN '-' THEN -${offset} ELSE 0 END`
  return `(((${days} * 24 + ${number('hour')}) * 60 + ${number('minute')} - ${signed}) * 60 + ${number('second')})`
}
