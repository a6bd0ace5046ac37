import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RetroHunt } from '@vonggac/contract'
import { ArrowLeft } from 'lucide-react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Facts } from '../../components/facts.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { conditionOf } from '../../lib/kql-text.ts'
import { useUserName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { saidText } from '../../lib/said.ts'
import { formatNumber } from '../../lib/time.ts'
import { followMs, isUnfinished, RetroState } from './retro-state.tsx'
import { RetroSteering } from './retro-steering.tsx'
import { useRuleName } from './rule-names.ts'
import { readHuntSearch } from './search.ts'
import classes from './retro-hunt-page.module.css'

const route = getRouteApi('/console/hunting/history/$id')

export function RetroHuntPage() {
  const { t, language } = useTexts()
  const { id } = route.useParams()
  const query = useQuery({
    ...ask('readRetroHunt', { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) ? followMs : false),
  })
  const retro = query.data
  return (
    <Page
      title={
        retro
          ? t('hunting.retroTitle', { count: retro.rules.length, shown: formatNumber(retro.rules.length, language) })
          : t('hunting.retro')
      }
      above={
        <Link to="/hunting/history" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('hunting.historyTitle')}
        </Link>
      }
      actions={retro && <RetroSteering retro={retro} />}
    >
      <Answered query={query} rows={10}>
        {(data) => (
          <div className={classes.columns}>
            <Findings retro={data} />
            <div className={classes.side}>
              <About retro={data} />
              <Skipped retro={data} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

function Findings({ retro }: { retro: RetroHunt }) {
  const { t } = useTexts()
  const columns = useColumns(retro)
  return (
    <Panel title={t('hunting.findings')} flush testId="findings">
      {retro.findings.length === 0 ? (
        <Empty title={t(isUnfinished(retro) ? 'hunting.nothingYet' : 'hunting.noFindings')} />
      ) : (
        <DataTable
          label={t('hunting.findings')}
          columns={columns}
          rows={retro.findings.toSorted((a, b) => b.hits - a.hits)}
          rowKey={({ rule }) => rule}
        />
      )}
    </Panel>
  )
}

function useColumns(retro: RetroHunt): Column<RetroHunt['findings'][number]>[] {
  const { t, language } = useTexts()
  const ruleName = useRuleName()
  return [
    {
      key: 'rule',
      header: t('hunting.rule'),
      narrow: 'line',
      cell: ({ rule }) => (
        <Link to="/rules/$id" params={{ id: rule }} className={classes.title ?? ''}>
          {ruleName(rule)}
        </Link>
      ),
    },
    {
      key: 'hits',
      header: t('hunting.hits'),
      width: '7rem',
      end: true,
      labelled: true,
      cell: ({ hits }) => <span className="tabular">{formatNumber(hits, language)}</span>,
    },
    {
      key: 'events',
      header: t('hunting.firstEvents'),
      width: '15rem',
      end: true,
      cell: ({ events, hits }) =>
        events.length > 0 && (
          <Link to="/hunting" search={eventsOf(events, retro)}>
            {t(events.length < hits ? 'hunting.seeFirst' : 'hunting.seeEvents', {
              count: events.length,
              shown: formatNumber(events.length, language),
            })}
          </Link>
        ),
    },
  ]
}

/** The events of a finding as a search by their ids. The addresses of a few are enough; a longer list would not fit into one. */
function eventsOf(events: readonly string[], { from, to }: RetroHunt) {
  return readHuntSearch({
    q: events
      .slice(0, 50)
      .map((id) => conditionOf('event.id', id, true))
      .join(' or '),
    from,
    to,
  })
}

function About({ retro }: { retro: RetroHunt }) {
  const { t, language } = useTexts()
  const userName = useUserName()
  return (
    <Panel title={t('common.status')}>
      <RetroState retro={retro} />
      {retro.error && <p className={classes.error}>{saidText(retro.error, language)}</p>}
      <Group h="0.6rem" />
      <Facts
        facts={[
          [t('hunting.period'), [<When key="from" at={retro.from} />, <When key="to" at={retro.to} />]],
          [t('hunting.modeName'), t(`hunting.mode.${retro.mode}`)],
          [t('hunting.rules'), formatNumber(retro.rules.length, language)],
          [t('hunting.alerts'), retro.mode === 'alerts' ? formatNumber(retro.alerts, language) : undefined],
          [t('hunting.startedBy'), userName(retro.createdBy)],
          [t('hunting.startedAt'), <When key="at" at={retro.createdAt} />],
          [t('hunting.finishedAt'), retro.finishedAt && <When key="at" at={retro.finishedAt} />],
        ]}
      />
    </Panel>
  )
}

function Skipped({ retro: { skipped } }: { retro: RetroHunt }) {
  const { t, language } = useTexts()
  const ruleName = useRuleName()
  if (skipped.length === 0) return null
  return (
    <Panel title={t('hunting.skipped', { count: skipped.length })}>
      <ul className={classes.skipped}>
        {skipped.map(({ rule, reason }) => (
          <li key={rule}>
            <Link to="/rules/$id" params={{ id: rule }}>
              {ruleName(rule)}
            </Link>
            <div className={classes.quiet}>{saidText(reason, language)}</div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
