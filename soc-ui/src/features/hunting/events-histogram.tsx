import { Button, Select } from '@mantine/core'
import { ZoomOut } from 'lucide-react'
import { useRef, useState, type PointerEvent } from 'react'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatCompact, formatDateTime, formatDuration, formatNumber, formatTick, formatTime } from '../../lib/time.ts'
import { bucketAt, partsOf, periodOfBuckets, widened } from './brush.ts'
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

const scaleWidth = 44
const rightMargin = 8
/** In shorter periods the times of several bars fall into one minute. */
const fineMs = 15 * 60_000
const tick = { fill: 'var(--mantine-color-dimmed)', fontSize: 11 }
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
  const { names, rest } = partsOf(items, colours.length)
  const divided = split !== undefined && names.length > 0
  const spanMs = bucketSeconds * 1_000 * items.length
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
      <div className={classes.chart} aria-hidden="true" data-testid="histogram" {...brush.handlers}>
        <ResponsiveContainer width="100%" height={120}>
          <BarChart data={items} margin={{ top: 6, right: rightMargin, bottom: 0, left: 0 }} accessibilityLayer={false} barCategoryGap={1}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tick={tick}
              tickLine={false}
              axisLine={{ stroke: 'var(--line-strong)' }}
              tickFormatter={(at: string) => (spanMs <= fineMs ? formatTime(at, language) : formatTick(at, spanMs, language))}
              minTickGap={48}
              interval="preserveStartEnd"
            />
            <YAxis
              width={scaleWidth}
              tick={tick}
              tickLine={false}
              axisLine={false}
              allowDecimals={false}
              tickFormatter={(value: number) => formatCompact(value, language)}
              tickCount={4}
              interval={0}
            />
            <Tooltip content={<BucketTip names={names} />} cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} />
            {divided ? (
              [...names, ...(rest ? [''] : [])].map((name, index) => (
                <Bar
                  key={name}
                  dataKey={(bucket: Bucket) => (name === '' ? restOf(bucket, names) : (bucket.parts?.[name] ?? 0))}
                  stackId="parts"
                  fill={name === '' ? restColour : (colours[index] ?? restColour)}
                  isAnimationActive={false}
                />
              ))
            ) : (
              <Bar dataKey="count" fill="var(--chart-events)" isAnimationActive={false} />
            )}
          </BarChart>
        </ResponsiveContainer>
        {brush.shown && (
          <div className={classes.plot}>
            <div
              className={classes.brush}
              style={{
                left: `${(brush.shown.from / items.length) * 100}%`,
                width: `${((brush.shown.to - brush.shown.from) / items.length) * 100}%`,
              }}
            />
          </div>
        )}
      </div>
      {divided && (
        <ul className={classes.legend}>
          {names.map((name, index) => (
            <li key={name}>
              <span className={classes.swatch} style={{ background: colours[index] }} />
              {name}
            </li>
          ))}
          {rest && (
            <li>
              <span className={classes.swatch} style={{ background: restColour }} />
              {t('hunting.splitRest')}
            </li>
          )}
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

function restOf({ count, parts = {} }: Bucket, names: readonly string[]): number {
  return count - names.reduce((sum, name) => sum + (parts[name] ?? 0), 0)
}

interface BucketTipProps {
  readonly names: readonly string[]
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: unknown }[]
}

function BucketTip({ names, active, payload }: BucketTipProps) {
  const { t, language } = useTexts()
  const bucket = payload?.[0]?.payload as Bucket | undefined
  if (!active || !bucket) return null
  return (
    <div className={classes.tip}>
      <strong>{formatDateTime(bucket.at, language)}</strong>
      <div className={classes.tipLine}>
        <span>{t('hunting.events')}</span>
        <span>{formatNumber(bucket.count, language)}</span>
      </div>
      {names
        .filter((name) => (bucket.parts?.[name] ?? 0) > 0)
        .map((name) => (
          <div key={name} className={classes.tipLine}>
            <span>{name}</span>
            <span>{formatNumber(bucket.parts?.[name] ?? 0, language)}</span>
          </div>
        ))}
    </div>
  )
}

/** Follows a drag over the bars, by mouse, pen or finger; a press without moving is no choice. */
function useBrush(buckets: number, choose: (one: number, other: number) => void) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>()
  const startX = useRef(0)
  const bucketUnder = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return bucketAt((event.clientX - box.left - scaleWidth) / (box.width - scaleWidth - rightMargin), buckets)
  }
  return {
    shown: drag && { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) + 1 },
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || buckets === 0) return
        startX.current = event.clientX
        event.currentTarget.setPointerCapture(event.pointerId)
        const at = bucketUnder(event)
        setDrag({ from: at, to: at })
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (drag) setDrag({ from: drag.from, to: bucketUnder(event) })
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        if (drag && Math.abs(event.clientX - startX.current) > 4) choose(drag.from, bucketUnder(event))
        setDrag(undefined)
      },
      onPointerCancel: () => setDrag(undefined),
    },
  }
}
