import { LegalLabels } from '../../components/legal-labels.tsx'
import { legalState } from './legal.ts'
import classes from './forms.module.css'

/** Where a statement about the law stands, and how sure it is. */
export function LegalNote({ basis }: { basis: string }) {
  return (
    <div className={classes.legal}>
      <span>{basis}</span>
      <LegalLabels {...legalState} />
    </div>
  )
}
