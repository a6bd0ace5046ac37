import type { Diagnostic } from '../rule.ts'

/** `file:line:column: error code: message`, as editors and CI systems read it. */
export function formatDiagnostic({ file, line, column, severity, code, message, suggestion }: Diagnostic): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}${advice(suggestion)}`
}

function advice(suggestion: string | undefined): string {
  if (suggestion === undefined) return ''
  return /[.?]$/.test(suggestion) ? ` ${suggestion}` : ` Did you mean "${suggestion}"?`
}

export function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length
}

/** `1 rule`, `2 rules` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : noun.endsWith('ch') ? 'es' : 's'}`
}
