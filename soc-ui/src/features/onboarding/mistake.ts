/** The line that a parser's mistake is in, and what is wrong there: it comes as `name/parser.yml:12: steps[0]: …`. */
export function mistakeOf(text: string): { line: number | undefined; message: string } {
  const match = /^\S*?:(\d+): (.+)$/s.exec(text)
  return match ? { line: Number(match[1]), message: match[2]! } : { line: undefined, message: text }
}
