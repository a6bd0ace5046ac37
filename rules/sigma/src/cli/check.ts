import { lint } from '../lint/lint.ts'
import type { Diagnostic } from '../rule.ts'
import { flag, UsageError, type Command } from './command.ts'
import { counted, countErrors, formatDiagnostic } from './diagnostics.ts'
import { loadFrom, ruleOptions, ruleUsage } from './rules.ts'

export const check: Command = {
  summary: 'find mistakes in rules',
  usage: `sigma check [--pipeline FILE…] [--edition 2.2] [--no-lint] [--strict] [--json] FOLDER…

Loads the rules, correlations and filters in the folders (or files) and says what is wrong with them, with file, line and column: errors,
for which a rule is refused, and warnings, of which most are advice (left out with --no-lint).

${ruleUsage}
  --strict             warnings count like errors
  --json               print one JSON object: {"rules", "correlations", "filters", "refused", "errors", "warnings", "notApplicable",
                       "diagnostics"}

Exit code: 0 no errors, 1 errors, 2 wrong usage.`,
  options: {
    ...ruleOptions,
    'no-lint': { type: 'boolean' },
    strict: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(paths, values, io) {
    if (paths.length === 0) throw new UsageError('Name a folder with rules.')
    const advice: Diagnostic[] = []
    const loaded = await loadFrom(paths, values, flag(values, 'no-lint') ? undefined : (document) => advice.push(...lint(document)))
    const diagnostics = [...loaded.diagnostics, ...advice].toSorted(byPlace)
    const errors = countErrors(diagnostics)
    const warnings = diagnostics.length - errors
    const counts = {
      rules: loaded.rules.length,
      correlations: loaded.correlations.length,
      filters: loaded.filters.length,
      refused: loaded.refused.length,
      errors,
      warnings,
    }
    if (flag(values, 'json')) {
      await io.out(`${JSON.stringify({ ...counts, notApplicable: loaded.notApplicable, diagnostics })}\n`)
    } else {
      for (const diagnostic of diagnostics) await io.out(`${formatDiagnostic(diagnostic)}\n`)
      const refused = counts.refused > 0 ? `, ${counts.refused} refused` : ''
      const loadedText = `${counted(counts.rules, 'rule')}, ${counted(counts.correlations, 'correlation')}, ${counted(counts.filters, 'filter')}`
      const missing = loaded.notApplicable.length
      const notApplicable = missing > 0 ? `, ${counted(missing, 'rule')} not applicable` : ''
      io.err(`${loadedText}${refused}${notApplicable}; ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`)
    }
    return errors > 0 || (flag(values, 'strict') && warnings > 0) ? 1 : 0
  },
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}
