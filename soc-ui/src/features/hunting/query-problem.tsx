import { Button } from '@mantine/core'
import type { KqlProblem } from '@vonggac/sigma/kql'
import { CircleX } from 'lucide-react'
import { useTexts } from '../../lib/i18n/index.ts'
import { excerptAround, problemText } from './problem-text.ts'
import classes from './query-problem.module.css'

interface QueryProblemProps {
  readonly text: string
  readonly problem: KqlProblem
  readonly onRepair: (text: string, cursor: number) => void
}

/** What is wrong with the query, with the place underlined, and the repair where there is one. */
export function QueryProblem({ text, problem, onRepair }: QueryProblemProps) {
  const { t, language } = useTexts()
  const { before, fault, after } = excerptAround(text, problem.start, problem.end)
  const { suggestion } = problem
  return (
    <div className={classes.problem} data-testid="query-problem">
      <CircleX size={14} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <span>{problemText(problem, text, language)}</span>
        <code className={classes.place}>
          {before}
          <span className={classes.fault}>{fault}</span>
          {after}
        </code>
      </div>
      {suggestion !== undefined && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onRepair(text.slice(0, problem.start) + suggestion + text.slice(problem.end), problem.start + suggestion.length)}
        >
          {suggestion === '' ? t('hunting.repairRemove') : t('hunting.repair', { text: suggestion })}
        </Button>
      )}
    </div>
  )
}
