/** Numbers in DuckDB as the reference evaluator sees them (see ir/text.ts). */
import { letBe } from './let.ts'

/** SQL of a number's text as JSON writes it from JavaScript: `1`, `0.00001`, `1e-7`, `1e+21`; DuckDB writes `1.0`, `1e-05`. */
export function numberText(number: string): string {
  return letBe(
    `CAST(${number} AS VARCHAR)`,
    'number',
    (text) =>
      `CASE WHEN NOT contains(${text}, 'e') THEN ${plain(text)} WHEN ${text}[1] = '-' THEN '-' || ${scientific(`${text}[2:]`)} ELSE ${scientific(text)} END`,
  )
}

function plain(text: string): string {
  return `CASE WHEN ${text} = '-0.0' THEN '0' ELSE regexp_replace(${text}, '[.]0$', '') END`
}

/** JavaScript spells out the exponents from -6 to 20. */
function scientific(magnitude: string): string {
  const mantissa = `split_part(${magnitude}, 'e', 1)`
  const digits = `replace(${mantissa}, '.', '')`
  const exponent = `CAST(split_part(${magnitude}, 'e', 2) AS INTEGER)`
  return (
    `CASE WHEN ${exponent} BETWEEN 0 AND 20 THEN rpad(${digits}, ${exponent} + 1, '0')` +
    ` WHEN ${exponent} BETWEEN -6 AND -1 THEN '0.' || repeat('0', -${exponent} - 1) || ${digits}` +
    ` ELSE ${mantissa} || CASE WHEN ${exponent} < 0 THEN 'e' ELSE 'e+' END || CAST(${exponent} AS VARCHAR) END`
  )
}

/** SQL of the number that a text spells in JSON's decimal notation, NULL where it spells none. */
export function spelledNumber(text: string): string {
  return (
    `CASE WHEN regexp_full_match(${text}, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?') AND length(${text}) <= 400` +
    ` THEN TRY_CAST(${text} AS DOUBLE) END`
  )
}
