import { fields, type AlertDetail, type FlatEvent } from '@vonggac/contract'
import { ruleTitle } from '../../lib/rule-text.ts'
import { fieldText } from '../../lib/event-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatElapsed, formatNumber } from '../../lib/time.ts'
import classes from './event-timeline.module.css'

interface EventTimelineProps {
  readonly detail: AlertDetail
  /** Index of the event that is shown in full. */
  readonly chosen: number
  readonly onChoose: (index: number) => void
}

/** The events of an alert in their order, with the time since the first; where events between them are not shown, it says how many. */
export function EventTimeline({ detail: { alert, events }, chosen, onChoose }: EventTimelineProps) {
  const { t, language } = useTexts()
  const start = Date.parse(fieldText(events[0]?.event[fields.timestamp]))
  const places = events.map(({ event }) => alert.hits.events.indexOf(fieldText(event[fields.id])))
  const elapsedOf = (event: FlatEvent) => {
    const elapsed = Date.parse(fieldText(event[fields.timestamp])) - start
    return elapsed > 0 && formatElapsed(elapsed, language)
  }
  const missing = (from: number, to: number) => Math.max(0, to - from - 1)
  const after = missing(places.at(-1) ?? 0, alert.hits.count)
  return (
    <ol className={classes.timeline} aria-label={t('alerts.events')}>
      {events.map(({ event, rules }, index) => (
        <li key={fieldText(event[fields.id]) || index}>
          <Gap count={index === 0 ? 0 : missing(places[index - 1] ?? 0, places[index] ?? 0)} />
          <button type="button" aria-pressed={index === chosen} onClick={() => onChoose(index)}>
            <span className="tabular">{formatDateTime(fieldText(event[fields.timestamp]), language)}</span>
            <span className={classes.elapsed}>{elapsedOf(event)}</span>
            <span className={classes.what}>
              {rules && <span className={classes.rule}>{rules.map((rule) => ruleTitle(rule, language)).join(', ')}</span>}
              <span className={classes.gist}>{gistOf(event)}</span>
            </span>
          </button>
        </li>
      ))}
      {after > 0 && <li className={classes.gap}>{t('alerts.eventsAfter', { count: after, shown: formatNumber(after, language) })}</li>}
    </ol>
  )
}

function Gap({ count }: { count: number }) {
  const { t, language } = useTexts()
  return count > 0 && <div className={classes.gap}>{t('alerts.eventsBetween', { count, shown: formatNumber(count, language) })}</div>
}

/** What tells one event of a list from another. */
function gistOf(event: FlatEvent): string {
  const parts = ['http.request.method', 'url.original', 'http.response.status_code', 'user.name', 'event.action', 'event.outcome']
    .map((field) => event[field])
    .filter((value) => value !== undefined && value !== null)
    .map(String)
  return parts.length > 0 ? parts.join(' ') : fieldText(event[fields.original])
}
