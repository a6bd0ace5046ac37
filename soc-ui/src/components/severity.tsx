import { severities, type Severity } from '@vonggac/contract'
import { useTexts } from '../lib/i18n/index.ts'
import classes from './severity.module.css'

/** Bars of rising height, as many filled as the severity: readable without colour. */
export function SeverityGlyph({ severity }: { severity: Severity }) {
  const filled = severities.indexOf(severity)
  return (
    <svg viewBox="0 0 18 14" width="18" height="14" aria-hidden="true" className={classes.glyph} data-severity={severity}>
      {[0, 1, 2, 3].map((bar) => (
        <rect
          key={bar}
          x={bar * 4.6}
          y={10 - bar * 3}
          width="3.4"
          height={4 + bar * 3}
          rx="1"
          className={bar < filled ? classes.on : classes.off}
        />
      ))}
    </svg>
  )
}

export function SeverityLabel({ severity }: { severity: Severity }) {
  const { t } = useTexts()
  return (
    <span className={classes.label} data-severity={severity}>
      <SeverityGlyph severity={severity} />
      {t(`severity.${severity}`)}
    </span>
  )
}
