import type { Finding } from '@vonggac/contract'

/**
 * The findings without those that another says better: a rule's field may stand for several fields of an event, one inside another (the requested
 * address holds the query), and then the same condition is met in both. The one whose value is shortest points nearest to what was found.
 */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, index) => !findings.some((other, at) => at !== index && outdoes(other, finding, at < index)))
}

function outdoes(other: Finding, finding: Finding, isEarlier: boolean): boolean {
  const same = other.test === finding.test && other.expected === finding.expected && other.negated === finding.negated
  if (!same || !isWithin(other, finding)) return false
  return isEarlier || !isWithin(finding, other)
}

/** Whether each value of the one lies inside a value of the other. */
function isWithin(one: Finding, other: Finding): boolean {
  return one.actual.length > 0 && one.actual.every((value) => other.actual.some((longer) => longer.includes(value)))
}

/** Findings of the same values of one field together, in their order. */
export function byValue(findings: readonly Finding[]): [Finding, ...Finding[]][] {
  const groups = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const { field, actual, negated } = finding
    const key = JSON.stringify(actual.length > 0 ? [field, actual, negated] : [groups.size])
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()]
}

/** The words of the event that the test found, each once, in the order of the values. */
export function foundWords({ actual, spans }: Finding): string[] {
  const words = actual.flatMap((value, index) => (spans?.[index] ?? []).map(([start, end]) => value.slice(start, end)))
  return [...new Set(words)]
}
