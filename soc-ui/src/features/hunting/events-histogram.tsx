import { Button, Select } from '@mantine/core'
import { ZoomOut } from 'lucide-react'
import { useRef, useState, type PointerEvent } from 'react'
import { bucketUnder, TimeChart, TipLine, type Series } from '../../components/time-chart.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatDuration, formatNumber } from '../../lib/time.ts'
import { partsOf, periodOfBuckets, widened } from './brush.ts'
import { HistogramTable } from './histogram-table.tsx'
import { splits, type Period, type Split } from './search.ts'
import classes from './events-histogram.module.css'

type Histogram = Reply<'countEvents'>

interface EventsHistogramProps {
  readonly histogram: Histogram
  readonly period: Period
  readonly split: Split | undefined
  readonly onSplit: (split: Split | undefined) => void
  readonly onNarrow: (period: Period) => void
}

const colours = [
  'var(--chart-events)',
  'var(--severity-fill-high)',
  'var(--good)',
  'var(--severity-fill-medium)',
  'var(--severity-fill-critical)',
]
const restColour = 'var(--severity-fill-informational)'

/** How many events over time. Dragging over the bars narrows the period; the table under them does the same by keyboard. */
export function EventsHistogram({ histogram, period, split, onSplit, onNarrow }: EventsHistogramProps) {
  const { t, language } = useTexts()
  const { items, bucketSeconds, total } = histogram
  const brush = useBrush(items.length, (one, other) => {
    const narrowed = periodOfBuckets(histogram, one, other, period)
    if (narrowed) onNarrow(narrowed)
  })
  const divided = split !== undefined && items.some(({ parts = {} }) => Object.keys(parts).length > 0)
  const series = seriesOf(histogram, divided)
  const [hovered, setHovered] = useState<number>()
  const bucket = hovered === undefined ? undefined : items[hovered]
  return (
    <>
      <div className={classes.head}>
        <p className={classes.total}>
          <strong data-testid="event-total">{formatNumber(total, language)}</strong> {t('hunting.eventsFound', { count: total })}
          <span className={classes.period}>
            {formatDateTime(period.from, language)} – {formatDateTime(period.to, language)}
          </span>
        </p>
        <div className={classes.tools}>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<ZoomOut size={14} aria-hidden />}
            onClick={() => onNarrow(widened(period, Date.now()))}
            data-testid="widen"
          >
            {t('hunting.widen')}
          </Button>
          <Select
            size="xs"
            className={classes.split ?? ''}
            aria-label={t('hunting.split')}
            placeholder={t('hunting.split')}
            data={splits.map((value) => ({ value, label: t(`hunting.splitBy.${value.replace('.', '_') as 'event_dataset'}`) }))}
            value={split ?? null}
            onChange={(value) => onSplit(value as Split | undefined)}
            clearable
          />
        </div>
      </div>
      <div className={classes.chart} data-testid="histogram">
        <TimeChart
          items={items}
          bucketSeconds={bucketSeconds}
          series={series}
          shape="bars"
          height={96}
          hovered={hovered}
          onHover={setHovered}
          tip={bucket && <Tip bucket={bucket} series={divided ? series : []} />}
          marked={brush.shown}
          {...brush.handlers}
        />
      </div>
      {divided && (
        <ul className={classes.legend}>
          {series.map(({ name, colour }) => (
            <li key={name}>
              <span className={classes.swatch} style={{ background: colour }} />
              {name || t('hunting.splitRest')}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.foot}>
        <HistogramTable histogram={histogram} period={period} onNarrow={onNarrow} />
        <span>{t('hunting.bucket', { span: formatDuration(Math.max(1, Math.round(bucketSeconds)), language) })}</span>
      </div>
    </>
  )
}

type Bucket = Histogram['items'][number]

function seriesOf({ items }: Histogram, divided: boolean): readonly Series<Bucket>[] {
  if (!divided) return [{ name: 'count', colour: 'var(--chart-events)', of: ({ count }) => count }]
  const { names, rest } = partsOf(items, colours.length)
  const parts = names.map((name, index): Series<Bucket> => {
    return { name, colour: colours[index] ?? restColour, of: (bucket) => bucket.parts?.[name] ?? 0 }
  })
  const other: Series<Bucket> = {
    name: '',
    colour: restColour,
    of: ({ count, parts: all = {} }) => count - names.reduce((sum, name) => sum + (all[name] ?? 0), 0),
  }
  return rest ? [...parts, other] : parts
}

function Tip({ bucket, series }: { bucket: Bucket; series: readonly Series<Bucket>[] }) {
  const { t, language } = useTexts()
  return (
    <>
      <TipLine name={t('hunting.events')} value={formatNumber(bucket.count, language)} />
      {series
        .filter(({ of }) => of(bucket) > 0)
        .map(({ name, of }) => (
          <TipLine key={name} name={name || t('hunting.splitRest')} value={formatNumber(of(bucket), language)} />
        ))}
    </>
  )
}

/** Follows a drag over the bars, by mouse, pen or finger; a press without moving is no choice. */
function useBrush(buckets: number, choose: (one: number, other: number) => void) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>()
  const startX = useRef(0)
  return {
    shown: drag && { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) + 1 },
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || buckets === 0) return
        startX.current = event.clientX
        event.currentTarget.setPointerCapture(event.pointerId)
        const at = bucketUnder(event, buckets)
        setDrag({ from: at, to: at })
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (drag) setDrag({ from: drag.from, to: bucketUnder(event, buckets) })
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        if (drag && Math.abs(event.clientX - startX.current) > 4) choose(drag.from, bucketUnder(event, buckets))
        setDrag(undefined)
      },
      onPointerCancel: () => setDrag(undefined),
    },
  }
}
