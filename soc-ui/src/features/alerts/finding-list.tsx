import { Button } from '@mantine/core'
import type { Finding } from '@vonggac/contract'
import { ChevronDown, CircleDot, CircleSlash } from 'lucide-react'
import { useState } from 'react'
import { withoutRepeats } from '../../lib/findings.ts'
import { excerptOf } from '../../lib/highlight.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { isWorthShowing, sentenceOf } from '../../lib/plain-words.ts'
import { Marked } from './marked.tsx'
import classes from './finding-list.module.css'

/** More conditions than these are for who asks. */
const shownAtFirst = 4

/** The conditions of the rule that an event met, a sentence each, with the value that met it. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTexts()
  const [all, setAll] = useState(false)
  const distinct = withoutRepeats(findings)
  const hidden = all ? 0 : Math.max(0, distinct.length - shownAtFirst)
  return (
    <>
      <ul className={classes.findings}>
        {distinct.slice(0, distinct.length - hidden).map((finding, index) => (
          <FindingItem key={index} finding={finding} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button
          className={classes.more ?? ''}
          size="compact-xs"
          variant="subtle"
          leftSection={<ChevronDown size={14} aria-hidden />}
          onClick={() => setAll(true)}
        >
          {t('reason.more', { count: hidden })}
        </Button>
      )}
    </>
  )
}

function FindingItem({ finding }: { finding: Finding }) {
  const { t, language } = useTexts()
  const Icon = finding.negated ? CircleSlash : CircleDot
  return (
    <li>
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
        {finding.actual.map(
          (value, index) =>
            isWorthShowing(value, finding) && (
              <span key={index} className={classes.actual}>
                {t('reason.found')}:{' '}
                <span className="mono">
                  <Marked stretches={excerptOf(value, finding.spans?.[index])} />
                </span>
              </span>
            ),
        )}
        {finding.test === 'regex' && (
          <details className={classes.actual}>
            <summary>{t('reason.pattern')}</summary>
            <span className="mono">{finding.expected}</span>
          </details>
        )}
      </div>
    </li>
  )
}
