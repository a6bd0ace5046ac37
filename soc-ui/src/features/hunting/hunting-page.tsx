import { Button } from '@mantine/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Hunt } from '@vonggac/contract'
import { lazy, Suspense, useRef, useState } from 'react'
import { MoreButton } from '../../components/more-button.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty, Loading } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useKeys } from '../../lib/keyboard.ts'
import { conditionOf } from '../../lib/kql-text.ts'
import { ask } from '../../lib/queries.ts'
import { formatNumber } from '../../lib/time.ts'
import { narrowed } from './conditions.ts'
import { EventDrawer } from './event-drawer.tsx'
import { EventsTable, idOf } from './events-table.tsx'
import { Explanation } from './explanation.tsx'
import { FieldList } from './field-list.tsx'
import { HuntActions } from './hunt-actions.tsx'
import { HuntingTabs } from './hunting-tabs.tsx'
import { QueryBar } from './query-bar.tsx'
import { columnsOf, isWithinDay, readHuntSearch, withColumn, type HuntSearch, type Period } from './search.ts'
import { SearchTools } from './search-tools.tsx'
import { isStopped, mostRows, runOf, useEvents, useFields, useHistogram, useSearching } from './use-search.ts'
import type { Narrow } from './value-buttons.tsx'
import classes from './hunting-page.module.css'

const EventsHistogram = lazy(() => import('./events-histogram.tsx').then((module) => ({ default: module.EventsHistogram })))
const route = getRouteApi('/console/hunting')

type Change = { readonly [K in keyof HuntSearch]?: HuntSearch[K] | undefined }

export function HuntingPage() {
  const { t, language } = useTexts()
  const search = route.useSearch()
  const navigate = useNavigate()
  const [ranAt, setRanAt] = useState(() => Date.now())
  const [opened, setOpened] = useState<string>()
  const [fieldsShown, setFieldsShown] = useState(false)
  const bar = useRef<HTMLTextAreaElement>(null)
  const run = runOf(search, ranAt)
  const columns = columnsOf(search)
  const { query, events, explanation, cut } = useEvents(run, search.order)
  const histogram = useHistogram(run, search.split)
  const fields = useFields(run)
  const { searching, cancel } = useSearching()
  const hunt = useOpenedHunt(search.hunt)

  /** Narrowing and widening can be taken back by the browser's "back"; how it is shown cannot. */
  const change = (part: Change, replace = false) => {
    setRanAt(Date.now())
    void navigate({ to: '/hunting', search: readHuntSearch({ ...search, ...part }), replace, resetScroll: false })
  }
  const show = (part: Change) =>
    void navigate({ to: '/hunting', search: readHuntSearch({ ...search, ...part }), replace: true, resetScroll: false })
  const runQuery = (q: string) => change({ q: q.trim() || undefined })
  const narrow: Narrow = (field, value, wanted) => change({ q: narrowed(run.query, conditionOf(field, value, wanted)) })
  const toPeriod = (period: Period) => change({ ...period, last: undefined })
  const toggleColumn = (field: string) => show({ columns: withColumn(search, field) })

  const rows = useRowKeys(events.map(idOf))
  useKeys({ ...rows.keys, '/': () => bar.current?.focus() })
  const index = events.findIndex((event) => idOf(event) === opened)
  const neighbour = (step: number) => {
    const event = index >= 0 ? events[index + step] : undefined
    return event && (() => setOpened(idOf(event)))
  }
  const close = () => {
    setOpened(undefined)
    // Where the eyes are: at the event that was looked at last, once the drawer has let go of the focus.
    setTimeout(() => rows.focus(index))
  }
  return (
    <Page title={t('hunting.title')} lead={hunt?.title} actions={<HuntActions search={search} run={run} columns={columns} hunt={hunt} />}>
      <HuntingTabs />
      <search className={classes.search} aria-label={t('hunting.query')}>
        <QueryBar run={run} inputRef={bar} onRun={runQuery} searching={searching} onCancel={cancel} />
        <SearchTools search={search} onChange={change} onRefresh={() => opened === undefined && setRanAt(Date.now())} />
      </search>
      <section className={classes.panel} aria-label={t('hunting.overTime')} aria-busy={histogram.isPlaceholderData}>
        {!isStopped(histogram) && (
          <Answered query={histogram} rows={4}>
            {(data) => (
              <Suspense fallback={<Loading rows={4} />}>
                <EventsHistogram
                  histogram={data}
                  period={run.period}
                  split={search.split}
                  onSplit={(split) => change({ split }, true)}
                  onNarrow={toPeriod}
                />
              </Suspense>
            )}
          </Answered>
        )}
      </section>
      <div className={classes.columns}>
        <aside className={classes.side} data-shown={fieldsShown || undefined} aria-label={t('hunting.fields')}>
          <Button
            className={classes.fieldsButton ?? ''}
            variant="default"
            size="xs"
            fullWidth
            aria-expanded={fieldsShown}
            onClick={() => setFieldsShown(!fieldsShown)}
          >
            {t('hunting.fields')} {fields.data && `(${formatNumber(fields.data.items.length, language)})`}
          </Button>
          <div className={classes.fields}>
            <Answered query={fields} rows={12}>
              {(data) => <FieldList fields={data} run={run} columns={columns} onColumn={toggleColumn} onNarrow={narrow} />}
            </Answered>
          </div>
        </aside>
        <div className={classes.results}>
          <div className={classes.list} aria-busy={query.isPlaceholderData} data-testid="events">
            {isStopped(query as UseQueryResult) ? (
              <Empty title={t('hunting.cancelled')} hint={t('hunting.cancelledHint')} />
            ) : (
              <Answered query={query} rows={12}>
                {() =>
                  events.length === 0 ? (
                    <Empty title={t('hunting.nothing')} hint={t('hunting.nothingHint')} />
                  ) : (
                    <EventsTable
                      events={events}
                      columns={columns}
                      clock={run.clock}
                      withinDay={isWithinDay(run.period)}
                      order={search.order}
                      opened={opened}
                      onOpen={setOpened}
                      onOrder={(order) => change({ order }, true)}
                      onNarrow={narrow}
                    />
                  )
                }
              </Answered>
            )}
          </div>
          <MoreButton query={query} testId="more-events" />
          {cut && <p className={classes.quiet}>{t('hunting.cut', { shown: formatNumber(mostRows, language) })}</p>}
          {explanation && <Explanation explanation={explanation} />}
        </div>
      </div>
      <EventDrawer
        event={index >= 0 ? events[index] : undefined}
        columns={columns}
        onClose={close}
        onPrevious={neighbour(-1)}
        onNext={neighbour(1)}
        onColumn={toggleColumn}
        onNarrow={narrow}
      />
    </Page>
  )
}

function useOpenedHunt(id: string | undefined): Hunt | undefined {
  const { data } = useQuery({ ...ask('readHunt', { params: { id: id ?? '' } }), enabled: id !== undefined })
  return id === undefined ? undefined : data
}

/** j and k move the focus from row to row, so that Enter opens what is focused, and the browser shows and scrolls to it. */
function useRowKeys(ids: readonly string[]) {
  const linkOf = (id: string | undefined) =>
    id === undefined ? null : document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] [data-row-link]`)
  const focus = (index: number) => linkOf(ids[Math.max(0, Math.min(ids.length - 1, index))])?.focus()
  const move = (step: number) => {
    const present = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset['row']
    const index = present === undefined ? -1 : ids.indexOf(present)
    focus(index < 0 ? 0 : index + step)
  }
  return { keys: { j: () => move(1), k: () => move(-1) }, focus }
}
