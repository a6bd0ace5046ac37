/** Writes rules anew, as KQL and as Sigma, and reads them back: they must mean the same. */
import { type CompiledRule, ExpressionStore, loadRules, parseKql, toKql, toSigma } from '@vonggac/sigma'

export interface Rewritten {
  /** Rules that came back from their own YAML with the same expression. */
  readonly sigma: number
  /** Rules that KQL can say, and came back from it. */
  readonly kql: number
  /** Rules that KQL can only say more widely, or at a length that the parser refuses. */
  readonly wider: number
  readonly differences: readonly string[]
}

export function rewritten(rules: readonly CompiledRule[]): Rewritten {
  const store = new ExpressionStore()
  const counts = { sigma: 0, kql: 0, wider: 0 }
  const differences: string[] = []
  for (const { id, title, level, logSource, expression } of rules) {
    const meaning = store.intern(expression)
    const { text = '', problems } = toSigma(expression, { id, title, level, logSource })
    const [loaded] = loadRules([{ file: `${id}.yml`, text }]).rules
    if (loaded !== undefined && store.intern(loaded.expression) === meaning) counts.sigma++
    else differences.push(`Sigma: ${id}: ${problems?.[0].message ?? 'means something else'}`)

    const { text: query, exact } = toKql(expression)
    const read = parseKql(query)
    if (!exact || read.problems?.[0].code === 'too-long') counts.wider++
    else if (read.expression !== undefined && store.intern(read.expression) === meaning) counts.kql++
    else differences.push(`KQL: ${id}: ${read.problems?.[0].message ?? 'means something else'}`)
  }
  return { ...counts, differences }
}
