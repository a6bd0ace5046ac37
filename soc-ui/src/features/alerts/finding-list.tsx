import { Button } from '@mantine/core'
import type { Finding } from '@vonggac/contract'
import { ChevronDown, CircleDot, CircleSlash } from 'lucide-react'
import { useState } from 'react'
import { byValue, withoutRepeats } from '../../lib/findings.ts'
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
        {byValue(distinct.slice(0, distinct.length - hidden)).map((group, index) => (
          <FindingGroup key={index} findings={group} />
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

/** Conditions that one value meets stand together, so that the value is shown once. */
function FindingGroup({ findings }: { findings: readonly [Finding, ...Finding[]] }) {
  const { t } = useTexts()
  const [{ actual, negated }] = findings
  const Icon = negated ? CircleSlash : CircleDot
  const patterns = findings.filter(({ test }) => test === 'regex')
  return (
    <li>
      <Icon size={15} aria-hidden className={classes.icon} />
      <div className={classes.finding}>
        {findings.map((finding, index) => (
          <Sentence key={index} finding={finding} />
        ))}
        {actual.map(
          (value, index) =>
            findings.some((finding) => isWorthShowing(value, finding)) && (
              <span key={index} className={classes.actual}>
                {t('reason.found')}:{' '}
                <span className="mono">
                  <Marked
                    stretches={excerptOf(
                      value,
                      findings.flatMap(({ spans }) => spans?.[index] ?? []),
                    )}
                  />
                </span>
              </span>
            ),
        )}
        {patterns.length > 0 && (
          <details className={classes.actual}>
            <summary>{t('reason.pattern')}</summary>
            {patterns.map(({ expected }) => (
              <span key={expected} className={`mono ${classes.pattern}`}>
                {expected}
              </span>
            ))}
          </details>
        )}
      </div>
    </li>
  )
}

function Sentence({ finding }: { finding: Finding }) {
  const { t, language } = useTexts()
  return (
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
  )
}
