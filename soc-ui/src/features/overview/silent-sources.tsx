import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SourceStatus } from '@vonggac/contract'
import { CircleCheck, VolumeX } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { Ago } from '../../components/when.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { useNow } from '../../lib/now.ts'
import { ask } from '../../lib/queries.ts'
import classes from './side-list.module.css'

const silentAfterMs = 15 * 60_000

function isSilent(source: SourceStatus, now: number): boolean {
  return source.lastReceived === null || now - Date.parse(source.lastReceived) > silentAfterMs
}

export function SilentSources() {
  const { t, language } = useTexts()
  const now = useNow(15_000)
  const query = useQuery(ask('listSources', {}))
  return (
    <Panel title={t('overview.silent')} lead={t('overview.silentHint')} testId="silent-sources">
      <Answered query={query} rows={3}>
        {({ items }) => {
          const silent = items.filter((source) => isSilent(source, now))
          if (silent.length === 0) {
            return (
              <Status icon={CircleCheck} tone="good">
                {t('overview.noneSilent')}
              </Status>
            )
          }
          return (
            <ul className={classes.list}>
              {silent.map((source) => (
                <li key={source.id}>
                  <Link to="/sources/$id" params={{ id: source.id }}>
                    {localized(source.name, language)}
                  </Link>
                  <Status icon={VolumeX} tone="warning">
                    {source.lastReceived ? <Ago at={source.lastReceived} /> : t('overview.neverReceived')}
                  </Status>
                </li>
              ))}
            </ul>
          )
        }}
      </Answered>
    </Panel>
  )
}
