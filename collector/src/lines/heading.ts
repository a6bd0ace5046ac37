/**
 * The heading of a file: lines that say how the others are to be read, such as the `#Fields: date time …` of IIS. It is known by the words that its lines
 * begin with, and is put before each line behind it, LF between them. A line takes the place of the one that began with the same word.
 */

/** A longer line is none of a heading. */
const longestHeadingLine = 8_192

/** Whether the line, in UTF-8, begins with one of the words. */
export function isHeading(words: readonly string[], line: Buffer): boolean {
  if (line.length > longestHeadingLine) return false
  return wordOf(words, line.toString('latin1', 0, longestWord(words) + 1)) !== undefined
}

/** The heading with another line of it. */
export function amendHeading(words: readonly string[], heading: string, line: string): string {
  const word = wordOf(words, line)
  const others = heading.split('\n').filter((other) => other !== '' && wordOf(words, other) !== word)
  return [...others, line].join('\n')
}

function wordOf(words: readonly string[], line: string): string | undefined {
  return words.find((word) => line.startsWith(word) && /^\s?$/.test(line.charAt(word.length)))
}

function longestWord(words: readonly string[]): number {
  return Math.max(...words.map(({ length }) => length))
}
