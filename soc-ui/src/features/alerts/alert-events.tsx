import { Button, SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { fields, type AlertDetail, type Finding, type FlatEvent } from '@vonggac/contract'
import { Crosshair } from 'lucide-react'
import { useState } from 'react'
import { CodeBlock } from '../../components/code-block.tsx'
import { FilterField } from '../../components/filter-field.tsx'
import { Panel } from '../../components/panel.tsx'
import { aroundEvent } from '../../lib/around-event.ts'
import { fieldText, fieldTexts } from '../../lib/event-text.ts'
import { fold } from '../../lib/fold.ts'
import { needlesOf, stretchesOf } from '../../lib/highlight.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import { EventTimeline } from './event-timeline.tsx'
import { Marked } from './marked.tsx'
import { ValueMenu } from './value-menu.tsx'
import classes from './alert-events.module.css'

/** The alert's events: a list by time, and the chosen one with its original line and all of its fields. */
export function AlertEvents({ detail }: { detail: AlertDetail }) {
  const { t, language } = useTexts()
  const [chosen, setChosen] = useState(0)
  const shown = detail.events[chosen] ?? detail.events[0]
  if (!shown) return null
  const lead = t('alerts.eventsShown', {
    shown: formatNumber(detail.events.length, language),
    total: formatNumber(detail.alert.hits.count, language),
  })
  return (
    <Panel
      title={t('alerts.events')}
      lead={detail.alert.hits.count > detail.events.length ? lead : undefined}
      testId="alert-events"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<Crosshair size={13} aria-hidden />}
          title={t('hunting.aroundHint')}
          renderRoot={(props) => <Link to="/hunting" search={aroundEvent(shown.event)} {...props} />}
          data-testid="search-around"
        >
          {t('hunting.around')}
        </Button>
      }
    >
      {detail.events.length > 1 && <EventTimeline detail={detail} chosen={chosen} onChoose={setChosen} />}
      <RawLine event={shown.event} findings={shown.findings} />
      <EventFields event={shown.event} findings={shown.findings} />
    </Panel>
  )
}

function RawLine({ event, findings }: { event: FlatEvent; findings: readonly Finding[] }) {
  const { t } = useTexts()
  const original = fieldText(event[fields.original])
  const raw = fieldText(event[fields.rawBytes])
  return (
    <>
      {original === '' ? (
        <p className={classes.quiet}>{t('alerts.noRaw')}</p>
      ) : (
        <CodeBlock title={t('alerts.rawLine')} text={original} testId="raw-line">
          <Marked stretches={stretchesOf(original, needlesOf(findings))} />
        </CodeBlock>
      )}
      {raw !== '' && <CodeBlock title={t('alerts.rawBytes')} text={raw} />}
    </>
  )
}

type Scope = 'matched' | 'all'

function EventFields({ event, findings }: { event: FlatEvent; findings: readonly Finding[] }) {
  const { t } = useTexts()
  const [filter, setFilter] = useState('')
  const [scope, setScope] = useState<Scope>('all')
  const matched = new Set(findings.filter((finding) => !finding.negated).map((finding) => finding.field))
  const wanted = fold(filter.trim())
  const rows = Object.entries(event)
    .filter(([field]) => field !== fields.original && field !== fields.rawBytes)
    .filter(
      ([field, value]) =>
        (scope === 'all' || matched.has(field)) &&
        (fold(field).includes(wanted) || fieldTexts(value).some((one) => fold(one).includes(wanted))),
    )
    .toSorted(([a], [b]) => Number(matched.has(b)) - Number(matched.has(a)) || a.localeCompare(b))
  return (
    <>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t('alerts.matchedFields')}
          value={scope}
          onChange={(value) => setScope(value as Scope)}
          data={[
            { value: 'all', label: t('alerts.allFields') },
            { value: 'matched', label: t('alerts.matchedFields') },
          ]}
        />
        <FilterField label={t('alerts.fieldFilter')} value={filter} onChange={setFilter} />
      </div>
      <table className={classes.fields}>
        <thead className="hidden-visually">
          <tr>
            <th scope="col">{t('alerts.field')}</th>
            <th scope="col">{t('alerts.value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([field, value]) => (
            <tr key={field} data-matched={matched.has(field) || undefined}>
              <th scope="row">
                {field}
                {matched.has(field) && <span className={classes.badge}>{t('alerts.matched')}</span>}
              </th>
              <td>
                {fieldTexts(value).map((one, index) => (
                  <span key={index} className={classes.value}>
                    <ValueMenu field={field} value={one} />
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
