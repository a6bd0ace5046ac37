import type { SearchExplanation } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import classes from './explanation.module.css'

const reasons = ['time', 'agency', 'dataset', 'values', 'damaged'] as const

/** Fields of a pattern that fit into the line. */
const shownNames = 12

/** What the search read and what it could leave out, and which fields its patterns meant, in one quiet line. */
export function Explanation({ explanation: { unit, all, scanned, pruned, patterns } }: { explanation: SearchExplanation }) {
  const { t, language } = useTexts()
  const number = (value: number) => formatNumber(value, language)
  const skipped = pruned
    .filter(({ units }) => units > 0)
    .map(({ by, units }) => {
      const reason = reasons.find((one) => one === by)
      return t('hunting.skippedBy', { count: units, shown: number(units), reason: reason ? t(`hunting.reason.${reason}`) : by })
    })
  const read = t(unit === 'segment' ? 'hunting.readSegments' : 'hunting.readIndices', {
    count: all.units,
    read: number(scanned.units),
    all: number(all.units),
    events: number(scanned.events),
  })
  const meant = patterns.map(({ pattern, fields, count }) => {
    if (count === 0) return t('hunting.patternNone', { pattern })
    const names = fields.slice(0, shownNames).join(', ') + (count > shownNames ? ', …' : '')
    return t('hunting.patternFields', { count, pattern, shown: number(count), names })
  })
  return (
    <p className={classes.line} data-testid="explanation">
      {[read, ...skipped, ...meant].join(' · ')}
    </p>
  )
}
