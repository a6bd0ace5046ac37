import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ParserSummary } from '@vonggac/contract'
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { FilterField } from '../../components/filter-field.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { ViewTabs } from '../../components/view-tabs.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { parserDescription } from '../../lib/i18n/parser-descriptions.ts'
import { useKeys } from '../../lib/keyboard.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { filterParsers } from './filter-parsers.ts'
import { readParserListSearch } from './search.ts'
import classes from './lists.module.css'

const route = getRouteApi('/console/parsers')

export function ParserListPage() {
  const { t, language } = useTexts()
  const may = useMay('manager')
  const search = route.useSearch()
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const query = useQuery(ask('listParsers', {}))
  const columns = useColumns()
  useKeys({ '/': () => field.current?.focus() })
  const change = (part: Record<string, unknown>) =>
    void navigate({ to: '/parsers', search: readParserListSearch({ ...search, ...part }), replace: true })
  const all = query.data?.items ?? []
  const own = all.filter(({ origin }) => origin === 'agency')
  const count = (parsers: readonly ParserSummary[]) => query.data && formatNumber(parsers.length, language)
  const shown = filterParsers(search.origin ? own : all, search.text ?? '')
  return (
    <Page
      title={t('parsers.title')}
      lead={t('parsers.lead')}
      actions={
        may && (
          <Button
            leftSection={<Plus size={15} aria-hidden />}
            renderRoot={(props) => <Link to="/parsers/new" {...props} />}
            data-testid="new-parser"
          >
            {t('parsers.add')}
          </Button>
        )
      }
    >
      <div className={classes.filters}>
        <ViewTabs
          label={t('parsers.origin')}
          value={search.origin ?? 'all'}
          onChange={(origin) => change({ origin })}
          views={[
            { value: 'all', label: t('common.all'), count: count(all) },
            { value: 'agency', label: t('parsers.agency'), count: count(own) },
          ]}
        />
        <FilterField
          ref={field}
          className={classes.search ?? ''}
          label={t('parsers.search')}
          value={search.text ?? ''}
          onChange={(text) => change({ text })}
        />
      </div>
      <div className={classes.list}>
        <Answered query={query} rows={10}>
          {() =>
            shown.length === 0 ? (
              <Empty title={t('parsers.empty')} />
            ) : (
              <DataTable label={t('parsers.list')} columns={columns} rows={shown} rowKey={({ name }) => name} rowTestId="parser-row" />
            )
          }
        </Answered>
      </div>
    </Page>
  )
}

function useColumns(): Column<ParserSummary>[] {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  return [
    {
      key: 'name',
      header: t('parsers.name'),
      narrow: 'line',
      cell: (parser) => (
        <div className={classes.lines}>
          <Link to="/parsers/$id" params={{ id: parser.name }} className={classes.title ?? ''}>
            {parser.name}
          </Link>
          <span className={classes.quiet}>{parserDescription(parser, language)}</span>
        </div>
      ),
    },
    { key: 'dataset', header: t('parsers.dataset'), width: '16rem', cell: ({ dataset }) => <code>{dataset}</code> },
    {
      key: 'origin',
      header: t('parsers.origin'),
      width: '16rem',
      cell: ({ origin, agency }) =>
        origin === 'product' ? (
          <span className={classes.quiet}>{t('parsers.product')}</span>
        ) : (
          <span>{agency === undefined ? t('parsers.agency') : agencyName(agency)}</span>
        ),
    },
  ]
}
