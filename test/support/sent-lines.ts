/**
 * A line as a program writes it, key=value with diacritics, quotation marks, a backslash and a tab; every hundredth is long. No two are equal.
 */
export function sentLine(n: number): string {
  const note = n % 100 === 0 ? ` note="${'ghi chú dài, '.repeat(300)}hết"` : ''
  return `n=${n} name="Nguyễn Thị Ánh" file=C:\\tạm\\${n}\tdesk=5${note}`
}

export function sentLines(count: number): string[] {
  return Array.from({ length: count }, (_, n) => sentLine(n))
}

/** As a file holds them. */
export function asFile(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
