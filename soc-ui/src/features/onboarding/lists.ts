/** A field that takes several values: one a line, or parted by commas and blanks. */
export function valuesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((value) => value !== ''))]
}

/** Sample lines as people paste them: blank ones left out, at most as many as the API takes, the first of them. */
export function sampleLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.slice(0, mostLines)
}
export const mostLines = 200

/** How to read sample lines: with the header of syslog, if most begin with one (`<134>…`, `Nov 22 10:59:58 host …`). */
export function framingOf(lines: readonly string[]): 'syslog' | 'plain' {
  const headed = lines.filter((line) => /^<\d{1,3}>|^[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} /.test(line))
  return headed.length * 2 > lines.length ? 'syslog' : 'plain'
}
