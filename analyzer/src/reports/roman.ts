const numerals = [
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
] as const

/** 1 to 39, for the sections of a paper. */
export function roman(number: number): string {
  let rest = number
  let text = ''
  for (const [value, numeral] of numerals) {
    for (; rest >= value; rest -= value) text += numeral
  }
  return text
}
