import { severities, type Severity } from '@vonggac/contract'
import { Area, Bar, BarChart, CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatCompact, formatTick } from '../../lib/time.ts'
import { ChartTip } from './chart-tip.tsx'
import { VolumeTable } from './volume-table.tsx'
import classes from './volume-chart.module.css'

type Volume = Reply<'volume'>

const tick = { fill: 'var(--mantine-color-dimmed)', fontSize: 11 }
const margin = { top: 6, right: 8, bottom: 0, left: 0 }

/** Two charts over one time axis: events are thousands where alerts are few, so one scale would hide the alerts. */
export function VolumeChart({ volume }: { volume: Volume }) {
  const { t, language } = useTexts()
  const span = t(...spanKey(volume.bucketSeconds))
  const spanMs = volume.bucketSeconds * 1_000 * volume.items.length
  const present = severities.filter((severity) => volume.items.some((bucket) => (bucket.alerts[severity] ?? 0) > 0))
  const axis = (
    <XAxis
      dataKey="at"
      tick={tick}
      tickLine={false}
      axisLine={{ stroke: 'var(--line-strong)' }}
      tickFormatter={(at: string) => formatTick(at, spanMs, language)}
      minTickGap={48}
      interval="preserveStartEnd"
    />
  )
  const scale = (
    <YAxis
      width={44}
      tick={tick}
      tickLine={false}
      axisLine={false}
      allowDecimals={false}
      tickFormatter={(value: number) => formatCompact(value, language)}
      tickCount={4}
      interval={0}
    />
  )
  const grid = <CartesianGrid vertical={false} stroke="var(--line)" />
  const tip = <Tooltip content={ChartTip} cursor={{ fill: 'var(--hover)', stroke: 'var(--line-strong)' }} isAnimationActive={false} />
  return (
    <>
      <div aria-hidden="true">
        <div className={classes.caption}>{t('overview.eventsPer', { span })}</div>
        <ResponsiveContainer width="100%" height={150}>
          <ComposedChart data={volume.items} syncId="volume" margin={margin} accessibilityLayer={false}>
            {grid}
            {axis}
            {scale}
            {tip}
            <Area
              dataKey="events"
              type="linear"
              stroke="var(--chart-events)"
              strokeWidth={1.75}
              fill="var(--chart-events)"
              fillOpacity={0.16}
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
        <div className={classes.caption}>
          {t('overview.alertsPer', { span })}
          <span className={classes.legend}>
            {present.toReversed().map((severity) => (
              <span key={severity} className={classes.key}>
                <span className={classes.swatch} style={{ background: fillOf(severity) }} />
                {t(`severity.${severity}`)}
              </span>
            ))}
          </span>
        </div>
        <ResponsiveContainer width="100%" height={110}>
          <BarChart data={volume.items} syncId="volume" margin={margin} accessibilityLayer={false} maxBarSize={18}>
            {grid}
            {axis}
            {scale}
            {tip}
            {present.map((severity) => (
              <Bar
                key={severity}
                dataKey={(bucket: Volume['items'][number]) => bucket.alerts[severity] ?? 0}
                name={severity}
                stackId="alerts"
                fill={fillOf(severity)}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <VolumeTable items={volume.items} severities={present} />
    </>
  )
}

function fillOf(severity: Severity): string {
  return `var(--severity-fill-${severity})`
}

function spanKey(seconds: number) {
  if (seconds < 60) return ['overview.spanSeconds', { count: Math.round(seconds) }] as const
  if (seconds < 3_600) return ['overview.spanMinutes', { count: Math.round(seconds / 60) }] as const
  return ['overview.spanHours', { count: Math.round(seconds / 3_600) }] as const
}
