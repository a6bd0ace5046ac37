import { History } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { fieldLabel } from '../../lib/i18n/fields.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import type { Suggestion } from './use-completion.ts'
import classes from './completion-list.module.css'

interface CompletionListProps {
  readonly id: string
  readonly suggestions: readonly Suggestion[]
  readonly active: number
  readonly onChoose: (suggestion: Suggestion) => void
}

/** The list of the query bar's combobox; the focus stays in the bar. */
export function CompletionList({ id, suggestions, active, onChoose }: CompletionListProps) {
  const { t, language } = useTexts()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  })
  return (
    <div id={id} ref={list} role="listbox" aria-label={t('hunting.suggestions')} className={classes.list} hidden={suggestions.length === 0}>
      {suggestions.map((suggestion, index) => (
        <div
          key={`${suggestion.kind} ${suggestion.text}`}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={classes.option}
          // The bar would lose the focus before the click arrives.
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(suggestion)
          }}
          data-testid="suggestion"
        >
          {suggestion.kind === 'recent' && <History size={12} aria-hidden className={classes.icon} />}
          <span className={classes.text}>{suggestion.text}</span>
          <span className={classes.kind}>
            {(suggestion.kind === 'field' && fieldLabel(suggestion.text, language)) || t(`hunting.suggested.${suggestion.kind}`)}
          </span>
        </div>
      ))}
    </div>
  )
}
