import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { Alert } from '@vonggac/contract'
import { useRef, useState } from 'react'
import { MoreButton } from '../../components/more-button.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useKeys } from '../../lib/keyboard.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { AlertFilters } from './alert-filters.tsx'
import { AlertTable } from './alert-table.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { EscalateDialog } from './escalate-dialog.tsx'
import { isFiltered } from './search.ts'
import { useAcknowledge } from './use-acknowledge.ts'
import { useAlertList } from './use-alert-list.ts'
import classes from './alert-list-page.module.css'

const route = getRouteApi('/console/alerts')

export function AlertListPage() {
  const { t, language } = useTexts()
  const search = route.useSearch()
  const { query, alerts, fresh, counts } = useAlertList(search)
  const entity = useRef<HTMLInputElement>(null)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [escalating, setEscalating] = useState<Alert>()
  const [closing, setClosing] = useState<Alert>()
  const selected = alerts.filter((alert) => marked.has(alert.id))
  const may = useMay('analyst')
  const acknowledge = useAcknowledge(useSession().user.id)
  const acknowledgeAll = (chosen: readonly Alert[]) => acknowledge.mutate(chosen, { onSuccess: () => setMarked(new Set()) })

  const active = useRowKeys(alerts)
  useKeys({
    ...active.keys,
    '/': () => entity.current?.focus(),
    x: () =>
      active.with(({ id }) => setMarked((old) => (old.has(id) ? new Set([...old].filter((one) => one !== id)) : new Set([...old, id])))),
    a: () => may && (selected.length > 0 ? acknowledgeAll(selected) : active.with((alert) => acknowledgeAll([alert]))),
    e: () => may && active.with((alert) => alert.status !== 'escalated' && setEscalating(alert)),
    c: () => may && active.with((alert) => alert.status !== 'closed' && setClosing(alert)),
  })

  const arrived = alerts.filter((alert) => fresh.has(alert.id)).length
  const ruleOfSearch = alerts.find((alert) => alert.rule.id === search.rule)?.rule
  return (
    <Page title={t('alerts.title')}>
      <AlertFilters search={search} counts={counts} entityRef={entity} ruleName={ruleOfSearch && ruleTitle(ruleOfSearch, language)} />
      <div role="status" aria-live="polite" className="hidden-visually" data-testid="arrived">
        {arrived > 0 && t('alerts.arrived', { count: arrived })}
      </div>
      {may && selected.length > 0 && (
        <div className={classes.bulk} role="toolbar" aria-label={t('alerts.selected', { count: selected.length })}>
          <strong>{t('alerts.selected', { count: selected.length })}</strong>
          <Button size="xs" loading={acknowledge.isPending} onClick={() => acknowledgeAll(selected)} data-testid="acknowledge-selected">
            {t('alerts.acknowledge')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setMarked(new Set())}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
      <div className={classes.list} aria-busy={query.isPlaceholderData}>
        <Answered query={query} rows={10}>
          {() =>
            alerts.length === 0 ? (
              <Empty title={isFiltered(search) || search.status ? t('alerts.empty') : t('alerts.emptyOpen')} hint={t('alerts.emptyHint')} />
            ) : (
              <AlertTable alerts={alerts} search={search} fresh={fresh} selected={marked} onSelect={setMarked} onFocus={active.set} />
            )
          }
        </Answered>
      </div>
      <MoreButton query={query} />
      <EscalateDialog alert={escalating} onClose={() => setEscalating(undefined)} />
      <CloseDialog alert={closing} onClose={() => setClosing(undefined)} />
    </Page>
  )
}

/** j and k move the focus from row to row, so that Enter opens what is focused, and the browser shows and scrolls to it. */
function useRowKeys(alerts: readonly Alert[]) {
  const place = useRef({ id: '', index: -1 })
  const present = () => {
    const index = alerts.findIndex((alert) => alert.id === place.current.id)
    // A row that left the list (acknowledged under the filter "new") leaves its place to the next one.
    return index >= 0 ? index : Math.min(place.current.index, alerts.length - 1)
  }
  const move = (step: number) => {
    const gone = !alerts.some((alert) => alert.id === place.current.id)
    const index = Math.max(0, Math.min(alerts.length - 1, gone && step > 0 && place.current.index >= 0 ? present() : present() + step))
    const alert = alerts[index]
    if (alert) document.querySelector<HTMLElement>(`[data-row="${CSS.escape(alert.id)}"] [data-row-link]`)?.focus()
  }
  return {
    keys: { j: () => move(1), k: () => move(-1) },
    set: (alert: Alert) => {
      place.current = { id: alert.id, index: alerts.indexOf(alert) }
    },
    with: (act: (alert: Alert) => unknown) => {
      const alert = alerts[present()]
      if (alert) act(alert)
    },
  }
}
