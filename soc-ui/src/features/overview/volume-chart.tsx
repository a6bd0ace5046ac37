import { severities, type Severity } from '@vonggac/contract'
import { useState } from 'react'
import { SeverityLabel } from '../../components/severity.tsx'
import { TimeChart, TipLine, type Series } from '../../components/time-chart.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import { VolumeTable } from './volume-table.tsx'
import classes from './volume-chart.module.css'

type Volume = Reply<'volume'>
type Bucket = Volume['items'][number]

const events: readonly Series<Bucket>[] = [{ name: 'events', colour: 'var(--chart-events)', of: (bucket) => bucket.events }]

/** Two charts over one time axis: events are thousands where alerts are few, so one scale would hide the alerts. */
export function VolumeChart({ volume }: { volume: Volume }) {
  const { t } = useTexts()
  const [hovered, setHovered] = useState<number>()
  const bucket = hovered === undefined ? undefined : volume.items[hovered]
  const span = t(...spanKey(volume.bucketSeconds))
  const present = severities.filter((severity) => volume.items.some((bucket) => (bucket.alerts[severity] ?? 0) > 0))
  const alerts = present.map((severity): Series<Bucket> => {
    return { name: severity, colour: fillOf(severity), of: (bucket) => bucket.alerts[severity] ?? 0 }
  })
  const common = { ...volume, hovered, onHover: setHovered, tip: bucket && <Tip bucket={bucket} /> }
  return (
    <>
      <div className={classes.caption}>{t('overview.eventsPer', { span })}</div>
      <TimeChart {...common} series={events} shape="line" height={120} />
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
      <TimeChart {...common} series={alerts} shape="bars" height={80} />
      <VolumeTable items={volume.items} severities={present} />
    </>
  )
}

/** The bucket under the pointer, the same in both charts. */
function Tip({ bucket }: { bucket: Bucket }) {
  const { t, language } = useTexts()
  return (
    <>
      <TipLine name={t('overview.seriesEvents')} value={formatNumber(bucket.events, language)} />
      {severities
        .toReversed()
        .filter((severity) => (bucket.alerts[severity] ?? 0) > 0)
        .map((severity) => (
          <TipLine
            key={severity}
            name={<SeverityLabel severity={severity} />}
            value={formatNumber(bucket.alerts[severity] ?? 0, language)}
          />
        ))}
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
