import type { PointerEventHandler, ReactNode } from 'react'
import { useTexts } from '../lib/i18n/index.ts'
import { formatCompact, formatDateTime, formatTick } from '../lib/time.ts'
import { amountsUpTo, bucketAt, timesWithin } from './time-scale.ts'
import classes from './time-chart.module.css'

export interface Series<Bucket> {
  readonly name: string
  readonly colour: string
  readonly of: (bucket: Bucket) => number
}

type Pointer = PointerEventHandler<HTMLDivElement>

interface TimeChartProps<Bucket> {
  /** Next to each other, each as long as the others. */
  readonly items: readonly Bucket[]
  readonly bucketSeconds: number
  /** Bars: one on top of another, the first at the bottom. A line has one. */
  readonly series: readonly Series<Bucket>[]
  readonly shape: 'bars' | 'line'
  /** Of the drawing without the times under it, px. */
  readonly height: number
  /** The bucket under the pointer, which charts of the same times share. */
  readonly hovered: number | undefined
  readonly onHover: (index: number | undefined) => void
  /** What is said of the hovered bucket, under its time. */
  readonly tip: ReactNode
  /** Buckets that are marked, the last one excluded. */
  readonly marked?: { readonly from: number; readonly to: number } | undefined
  readonly onPointerDown?: Pointer
  readonly onPointerMove?: Pointer
  readonly onPointerUp?: Pointer
  readonly onPointerCancel?: Pointer
}

/**
 * Amounts over time, drawn in units of buckets and stretched by the browser, so that nothing has to be measured. It is for the eye alone: whoever
 * shows it gives the figures as a table too.
 */
export function TimeChart<Bucket extends { readonly at: string }>(props: TimeChartProps<Bucket>) {
  const { items, bucketSeconds, series, shape, height, hovered, onHover, tip, marked, onPointerMove, ...pointer } = props
  const { language } = useTexts()
  const sums = items.map((bucket) => series.reduce((sum, { of }) => sum + of(bucket), 0))
  const amounts = amountsUpTo(Math.max(...sums, 1))
  const most = amounts.at(-1) ?? 1
  const { stepMs, times } = timesWithin(Date.parse(items[0]?.at ?? ''), bucketSeconds * 1_000 * items.length)
  const bucket = hovered === undefined ? undefined : items[hovered]
  return (
    <div className={classes.chart} aria-hidden="true">
      <div
        className={classes.plot}
        style={{ height }}
        {...pointer}
        onPointerMove={(event) => {
          onHover(bucketUnder(event, items.length))
          onPointerMove?.(event)
        }}
        onPointerLeave={() => onHover(undefined)}
      >
        {amounts.map((amount) => (
          <div key={amount} className={classes.amount} style={{ bottom: `${(amount / most) * 100}%` }}>
            <span>{formatCompact(amount, language)}</span>
          </div>
        ))}
        <svg className={classes.drawing} viewBox={`0 0 ${Math.max(1, items.length)} ${most}`} preserveAspectRatio="none">
          {hovered !== undefined && <rect x={hovered} y={0} width={1} height={most} className={classes.under} />}
          {shape === 'bars' ? (
            <Bars items={items} series={series} sums={sums} most={most} />
          ) : (
            <Line sums={sums} most={most} {...series[0]} />
          )}
        </svg>
        {marked && (
          <div
            className={classes.marked}
            style={{ left: `${(marked.from / items.length) * 100}%`, width: `${((marked.to - marked.from) / items.length) * 100}%` }}
          />
        )}
        {bucket && hovered !== undefined && !marked && (
          <div className={classes.tip} style={besides((hovered + 0.5) / items.length)}>
            <strong>{formatDateTime(bucket.at, language)}</strong>
            {tip}
          </div>
        )}
      </div>
      <div className={classes.times}>
        {times.map(({ at, place }, index) => (
          <span key={at} style={{ left: `${place * 100}%` }} data-odd={index % 2 === 1 || undefined}>
            {formatTick(at, stepMs, language)}
          </span>
        ))}
      </div>
    </div>
  )
}

/** The bucket that an event on the drawing points at; beyond its edges, the outermost. */
export function bucketUnder({ currentTarget, clientX }: { currentTarget: Element; clientX: number }, buckets: number): number {
  const { left, width } = currentTarget.getBoundingClientRect()
  return bucketAt((clientX - left) / Math.max(1, width), buckets)
}

/** A line of a chart's tip. */
export function TipLine({ name, value }: { name: ReactNode; value: string }) {
  return (
    <div className={classes.line}>
      <span className={classes.name}>{name}</span>
      <span>{value}</span>
    </div>
  )
}

/** On the side with more room. */
function besides(place: number) {
  return place < 0.5 ? { left: `calc(${place * 100}% + 1rem)` } : { right: `calc(${(1 - place) * 100}% + 1rem)` }
}

/** A single event beside thousands is still to be seen: no bar is lower than this share of the drawing. */
const leastShare = 0.015
const gap = 0.06

interface BarsProps<Bucket> extends Pick<TimeChartProps<Bucket>, 'items' | 'series'> {
  readonly sums: readonly number[]
  readonly most: number
}

function Bars<Bucket extends { readonly at: string }>({ items, series, sums, most }: BarsProps<Bucket>) {
  return items.map((bucket, index) => {
    const sum = sums[index] ?? 0
    const stretch = sum > 0 ? Math.max(1, (leastShare * most) / sum) : 1
    let top = most
    return (
      <g key={bucket.at}>
        {series.map(({ name, colour, of }) => {
          const height = of(bucket) * stretch
          top -= height
          return height > 0 && <rect key={name} x={index + gap} y={top} width={1 - 2 * gap} height={height} style={{ fill: colour }} />
        })}
      </g>
    )
  })
}

function Line({ sums, most, colour = 'currentcolor' }: { sums: readonly number[]; most: number; colour?: string }) {
  const points = sums.map((sum, index) => `${index + 0.5},${most - sum}`).join(' ')
  return (
    <>
      <polygon points={`0.5,${most} ${points} ${sums.length - 0.5},${most}`} style={{ fill: colour, opacity: 0.16 }} />
      <polyline points={points} className={classes.stroke} style={{ stroke: colour }} />
    </>
  )
}
