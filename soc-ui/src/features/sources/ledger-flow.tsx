import { ledgerStages, rejectReasons, type LedgerCounts, type LedgerStage } from '@vonggac/contract'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { Status } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import { balanceOf, type Balance } from './balance.ts'
import classes from './ledger-flow.module.css'

/** Which gap stands before which stage. */
const gapBefore = {
  journaled: 'notJournaled',
  forwarded: 'notForwarded',
  stored: 'notStored',
  evaluated: 'notEvaluated',
} as const satisfies Partial<Record<LedgerStage, keyof Balance['gaps']>>

/** The ledger of one source from stage to stage; where numbers differ, the difference stands between them. */
export function LedgerFlow({ counts, name }: { counts: LedgerCounts; name: string }) {
  const { t, language } = useTexts()
  const { gaps, rejected } = balanceOf(counts)
  return (
    <ol className={classes.flow} aria-label={t('sources.ledgerOf', { source: name })}>
      {ledgerStages.map((stage) => {
        const gap = stage === 'received' ? 0 : gaps[gapBefore[stage]]
        return (
          <li key={stage} className={classes.stage} data-gap={gap !== 0 || undefined}>
            {gap !== 0 && <span className={classes.gap}>{formatNumber(-gap, language)}</span>}
            <span className={classes.count} data-testid={`count-${stage}`}>
              {formatNumber(counts[stage], language)}
            </span>
            <span className={classes.name}>{t(`sources.stage.${stage}`)}</span>
          </li>
        )
      })}
      <li className={`${classes.stage} ${classes.rejected}`} data-some={rejected > 0 || undefined}>
        <span className={classes.count} data-testid="count-rejected">
          {formatNumber(rejected, language)}
        </span>
        <span className={classes.name}>{t('sources.stage.rejected')}</span>
      </li>
    </ol>
  )
}

export function BalanceLabel({ counts }: { counts: LedgerCounts }) {
  const { t, language } = useTexts()
  const { off } = balanceOf(counts)
  if (off === 0) {
    return (
      <Status icon={CircleCheck} tone="good">
        {t('sources.balanced')}
      </Status>
    )
  }
  return (
    <Status icon={TriangleAlert} tone="warning">
      {t('sources.gap', { count: off, shown: formatNumber(off, language) })}
    </Status>
  )
}

/** Each gap in words, and the rejected by reason. */
export function LedgerNotes({ counts }: { counts: LedgerCounts }) {
  const { t, language } = useTexts()
  const { gaps } = balanceOf(counts)
  const missing = (Object.keys(gaps) as (keyof typeof gaps)[]).filter((gap) => gaps[gap] !== 0)
  const reasons = rejectReasons.filter((reason) => (counts.rejected[reason] ?? 0) > 0)
  if (missing.length === 0 && reasons.length === 0) return null
  return (
    <ul className={classes.notes}>
      {missing.map((gap) => (
        <li key={gap}>
          <Status icon={TriangleAlert} tone="warning">
            {t(`sources.gaps.${gap}`, { count: gaps[gap] })}
          </Status>
        </li>
      ))}
      {reasons.map((reason) => (
        <li key={reason} className={classes.reason}>
          {t('sources.stage.rejected')}: {t(`sources.reason.${reason}`)}{' '}
          <strong>{formatNumber(counts.rejected[reason] ?? 0, language)}</strong>
        </li>
      ))}
    </ul>
  )
}
