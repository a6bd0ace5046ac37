/** Looking a method up for each character costs more than the character: strings have many shapes in V8. */
const { charCodeAt } = String.prototype

/** The number that the characters from `start` to `end` write, at most fifteen; NaN when one is no digit. `Number` takes much more than digits, and hashes its text. */
export function digitsAt(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = charCodeAt.call(text, at) - 48
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}
