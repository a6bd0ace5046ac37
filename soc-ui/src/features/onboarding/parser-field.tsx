import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ParserSummary } from '@vonggac/contract'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { FilterField } from '../../components/filter-field.tsx'
import { Answered } from '../../components/states.tsx'
import { ViewTabs } from '../../components/view-tabs.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { parserDescription } from '../../lib/i18n/parser-descriptions.ts'
import { ask } from '../../lib/queries.ts'
import { DetectParser } from './detect-parser.tsx'
import { filterParsers } from './filter-parsers.ts'
import type { SourceForm } from './use-source-form.ts'
import classes from './parser-field.module.css'

/** More rows than these are for the search to narrow. */
const mostShown = 40

/** What sends: chosen by name, or recognised from lines of its log. */
export function ParserField({ form }: { form: SourceForm }) {
  const { t } = useTexts()
  const [view, setView] = useState<'name' | 'lines'>('name')
  const query = useQuery(ask('listParsers', {}))
  const { parsers } = form.values
  const toggle = (name: string) =>
    form.setFieldValue('parsers', parsers.includes(name) ? parsers.filter((one) => one !== name) : [...parsers, name])
  return (
    <div className={classes.field}>
      <ViewTabs
        label={t('newSource.what')}
        value={view}
        onChange={setView}
        views={[
          { value: 'name', label: t('newSource.byName') },
          { value: 'lines', label: t('newSource.byLines') },
        ]}
      />
      {view === 'name' ? (
        <Answered query={query} rows={5}>
          {({ items }) => <Choice items={items} chosen={parsers} onToggle={toggle} />}
        </Answered>
      ) : (
        <DetectParser chosen={parsers} onChoose={toggle} />
      )}
      {parsers.length > 0 && (
        <p className={classes.chosen} data-testid="chosen-parsers" role="status">
          {t('newSource.chosen')}: <strong>{parsers.join(' → ')}</strong>
        </p>
      )}
      {parsers.length > 1 && <p className={classes.hint}>{t('newSource.several')}</p>}
      {form.errors['parsers'] && (
        <Alert color="danger" variant="light" p="xs" icon={<CircleAlert size={16} aria-hidden />} role="alert">
          {form.errors['parsers']}
        </Alert>
      )}
    </div>
  )
}

interface ChoiceProps {
  readonly items: readonly ParserSummary[]
  readonly chosen: readonly string[]
  readonly onToggle: (name: string) => void
}

function Choice({ items, chosen, onToggle }: ChoiceProps) {
  const { t, language } = useTexts()
  const [text, setText] = useState('')
  // What was chosen before stands first, and nothing moves while one chooses.
  const [before] = useState(chosen)
  const fitting = filterParsers(items, text).toSorted((a, b) => Number(before.includes(b.name)) - Number(before.includes(a.name)))
  const shown = fitting.slice(0, mostShown)
  return (
    <>
      <FilterField
        size="sm"
        label={t('newSource.searchParsers')}
        value={text}
        onChange={setText}
        onKeyDown={(event) => {
          // Enter is for the only one that is left, and not for the whole form.
          if (event.key !== 'Enter') return
          event.preventDefault()
          if (fitting.length === 1) onToggle(fitting[0]!.name)
        }}
        data-testid="search-parsers"
      />
      {shown.length === 0 ? (
        <p className={classes.hint}>
          {t('newSource.noParser')} <Link to="/parsers/new">{t('newSource.writeParser')}</Link>
        </p>
      ) : (
        <ul className={classes.rows} aria-label={t('newSource.byName')}>
          {shown.map((parser) => (
            <li key={parser.name}>
              <label className={classes.row} data-testid="parser-choice">
                <input type="checkbox" checked={chosen.includes(parser.name)} onChange={() => onToggle(parser.name)} />
                <span className={classes.name}>{parser.name}</span>
                <span className={classes.description}>{parserDescription(parser, language)}</span>
                <code className={classes.dataset}>{parser.dataset}</code>
              </label>
            </li>
          ))}
        </ul>
      )}
      {fitting.length > shown.length && <p className={classes.hint}>{t('newSource.more', { count: fitting.length - shown.length })}</p>}
    </>
  )
}
