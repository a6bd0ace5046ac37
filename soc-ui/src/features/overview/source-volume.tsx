import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import type { Reply } from '../../lib/api.ts'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { formatNumber } from '../../lib/time.ts'
import classes from './side-list.module.css'

const shownAtMost = 8

/** Which sources the events of the period came from, most first. */
export function SourceVolume({ volume }: { volume: UseQueryResult<Reply<'volume'>> }) {
  const { t, language } = useTexts()
  const { data } = useQuery(ask('listSources', {}))
  const nameOf = (id: string) => {
    const source = data?.items.find((one) => one.id === id)
    return source ? localized(source.name, language) : id
  }
  return (
    <Panel title={t('overview.bySource')}>
      <Answered query={volume} rows={4}>
        {({ sources }) => {
          const shown = Object.entries(sources)
            .toSorted(([, a], [, b]) => b - a)
            .slice(0, shownAtMost)
          const most = shown[0]?.[1] ?? 1
          return shown.length === 0 ? (
            <span className={classes.count}>{t('overview.noVolume')}</span>
          ) : (
            <ul className={classes.list}>
              {shown.map(([id, count]) => (
                <li key={id}>
                  <Link to="/sources/$id" params={{ id }}>
                    {nameOf(id)}
                  </Link>
                  <span className={classes.count}>{formatNumber(count, language)}</span>
                  <div className={classes.bar} aria-hidden>
                    <div className={classes.fill} style={{ width: `${(count / most) * 100}%` }} />
                  </div>
                </li>
              ))}
            </ul>
          )
        }}
      </Answered>
    </Panel>
  )
}
