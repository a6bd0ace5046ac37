/**
 * The heading of a file: lines that say how the others are to be read, such as the `#Fields: date time …` of IIS. They begin with a mark. Those that are kept
 * are put before each line behind them, LF between them; one takes the place of the one that began with the same word.
 */
export interface HeadingRules {
  /** What each line of a heading begins with, and no other line. */
  readonly mark: string
  /** First words, mark included, of the lines that are kept. */
  readonly keep: readonly string[]
}

/** A longer line is not kept. */
const longestKept = 8_192

/** Whether the line, in UTF-8, is one of a heading. */
export function isHeading({ mark }: HeadingRules, line: Buffer): boolean {
  return line.toString('latin1', 0, mark.length) === mark
}

/** What is kept of a heading with another line of it. */
export function amendHeading({ keep }: HeadingRules, heading: string, line: string): string {
  const word = wordOf(keep, line)
  if (word === undefined || line.length > longestKept) return heading
  const others = heading.split('\n').filter((other) => other !== '' && wordOf(keep, other) !== word)
  return [...others, line].join('\n')
}

function wordOf(keep: readonly string[], line: string): string | undefined {
  return keep.find((word) => line.startsWith(word) && /^\s?$/.test(line.charAt(word.length)))
}
