/** Moments in DuckDB, by the calendar arithmetic of ir/time.ts: what is out of range (minute 75, month 13) carries over. */
import type { TimePart } from '../../ir/expression.ts'
import { letBe } from './let.ts'

/** JavaScript's white space, which may stand before the zone. */
const space = '[\\t\\n\\x{b}\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]'
const timestamp =
  '^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?' +
  `${space}?([Zz]|[+-][0-9]{2}:?[0-9]{2})?$`
const groups = "['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone']"
/** As JavaScript writes times, and so most senders: DuckDB reads these itself, where the day is one of the calendar. */
const usual = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z'

/** SQL of the milliseconds since the epoch that a text names, NULL where it names none. */
export function momentOfText(text: string): string {
  const read = letBe(`regexp_extract(${text}, '${timestamp}', ${groups})`, 'moment', millisecondsOf)
  return (
    `coalesce(CASE WHEN regexp_full_match(${text}, '${usual}') THEN epoch_ms(TRY_CAST(${text} AS TIMESTAMP)) END,` +
    ` CASE WHEN length(${text}) <= 40 AND regexp_matches(${text}, '${timestamp}') THEN ${read} END)`
  )
}

/** SQL of the same of a number, NULL beyond the times that JavaScript has. */
export function momentOfNumber(number: string): string {
  return `CASE WHEN abs(${number}) <= 8.64e15 THEN ${number} END`
}

/** SQL of a part of the moment at so many milliseconds since the epoch. */
export function timePartOf(part: TimePart, milliseconds: string): string {
  return `date_part('${part}', make_timestamp(CAST(trunc(${milliseconds}) AS BIGINT) * 1000))`
}

function millisecondsOf(moment: string): string {
  const number = (group: string) => `CAST(coalesce(nullif(${moment}['${group}'], ''), '0') AS BIGINT)`
  const zone = `${moment}['zone']`
  const months = `(${number('year')} * 12 + ${number('month')} - 1)`
  const days = `(date_diff('day', DATE '1970-01-01', make_date(${months} // 12, ${months} % 12 + 1, 1)) + ${number('day')} - 1)`
  const offset = `(CAST(${zone}[2:3] AS BIGINT) * 60 + CAST(right(${zone}, 2) AS BIGINT))`
  const signed = `CASE ${zone}[1] WHEN '+' THEN ${offset} WHEN '-' THEN -${offset} ELSE 0 END`
  const thousandths = `CAST(rpad(${moment}['fraction'][1:3], 3, '0') AS BIGINT)`
  return `((((${days} * 24 + ${number('hour')}) * 60 + ${number('minute')} - ${signed}) * 60 + ${number('second')}) * 1000 + ${thousandths})`
}
