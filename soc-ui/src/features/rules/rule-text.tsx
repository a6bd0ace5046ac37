import type { RuleSummary } from '@vonggac/contract'
import { CircleX, TriangleAlert } from 'lucide-react'
import { YamlLine } from '../../components/yaml-line.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ruleFault } from '../../lib/i18n/rule-faults.ts'
import classes from './rule-text.module.css'

interface RuleTextProps {
  readonly yaml: string
  readonly diagnostics: RuleSummary['diagnostics']
}

/** The rule as it is written, each diagnostic under the line that it is about. */
export function RuleText({ yaml, diagnostics }: RuleTextProps) {
  const { t, language } = useTexts()
  const lines = yaml.replace(/\n$/, '').split('\n')
  return (
    <div className={classes.frame} tabIndex={0} role="region" aria-label={`${t('rules.yaml')} (YAML)`}>
      <ol className={classes.lines}>
        {lines.map((line, index) => {
          const about = diagnostics.filter((one) => one.line === index + 1)
          return (
            <li key={index} data-fault={about[0]?.severity}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              <code className={classes.code}>
                <YamlLine line={line} />
              </code>
              {about.map((one, at) => (
                <div key={at} className={classes.fault} data-severity={one.severity}>
                  {one.severity === 'error' ? <CircleX size={13} aria-hidden /> : <TriangleAlert size={13} aria-hidden />}
                  <span>{ruleFault(one.code, language) ?? one.message}</span>
                </div>
              ))}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
