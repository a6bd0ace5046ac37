import type { AlertDetail } from '@vonggac/contract'
import { CircleDot, CircleSlash } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { needlesOf, stretchesOf } from '../../lib/highlight.ts'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { actualWorthShowing, isLongRegex, sentenceOf, summaryOf } from '../../lib/plain-words.ts'
import { Marked } from './marked.tsx'
import classes from './alert-reason.module.css'

/** First of all, in plain words: what the rule watches for, who did it how often, and which conditions the first event met. */
export function AlertReason({ detail }: { detail: AlertDetail }) {
  const { t, language } = useTexts()
  const findings = detail.events[0]?.findings ?? []
  return (
    <Panel title={t('alerts.why')} testId="alert-reason">
      {detail.rule.reason && <p className={classes.reason}>{localized(detail.rule.reason, language)}</p>}
      <p className={classes.summary}>{summaryOf(detail, t, language)}</p>
      {findings.length === 0 ? (
        <p className={classes.summary}>{t('alerts.noFindings')}</p>
      ) : (
        <>
          <h3 className={classes.because}>{t('alerts.whyMatched')}</h3>
          <ul className={classes.findings}>
            {findings.map((finding, index) => {
              const Icon = finding.negated ? CircleSlash : CircleDot
              return (
                <li key={index}>
                  <Icon size={15} aria-hidden className={classes.icon} />
                  <div className={classes.finding}>
                    <span>
                      {sentenceOf(finding, t, language).map((piece, at) =>
                        piece.code ? (
                          <code key={at} data-negated={finding.negated || undefined}>
                            {piece.text}
                          </code>
                        ) : (
                          <span key={at}>{piece.text}</span>
                        ),
                      )}
                    </span>
                    {isLongRegex(finding) && (
                      <details className={classes.actual}>
                        <summary>{t('reason.fullCondition')}</summary>
                        <span className="mono">{finding.expected}</span>
                      </details>
                    )}
                    {actualWorthShowing(finding).map((actual) => (
                      <span key={actual} className={classes.actual}>
                        {t('reason.found')}:{' '}
                        <span className="mono">
                          <Marked stretches={stretchesOf(actual, needlesOf([finding]))} />
                        </span>
                      </span>
                    ))}
                  </div>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </Panel>
  )
}
