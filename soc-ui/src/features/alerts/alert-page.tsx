import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AlertDetail } from '@vonggac/contract'
import { ArrowLeft, CheckCheck, ChevronDown, ChevronUp, CircleX, Eye, FolderKanban, FolderPlus, Link2, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { AlertStatusLabel } from '../../components/alert-status.tsx'
import { Page } from '../../components/page.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { copyText } from '../../lib/clipboard.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useKeys } from '../../lib/keyboard.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { AlertEvents } from './alert-events.tsx'
import { AlertReason } from './alert-reason.tsx'
import { AlertFacts, AlertNotes, AlertRule } from './alert-side.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { EscalateDialog } from './escalate-dialog.tsx'
import { useAcknowledge } from './use-acknowledge.ts'
import { useNeighbours } from './use-neighbours.ts'
import classes from './alert-page.module.css'

const route = getRouteApi('/console/alerts/$id')

export function AlertPage() {
  const { t, language } = useTexts()
  const { id } = route.useParams()
  const query = useQuery(ask('readAlert', { params: { id } }))
  const title = query.data ? ruleTitle(query.data.alert.rule, language) : t('alerts.alert')
  return (
    <Page
      key={id}
      title={title}
      above={<Trail id={id} />}
      lead={query.data && <Lead detail={query.data} />}
      actions={query.data && <Actions detail={query.data} />}
    >
      <Answered query={query} rows={12}>
        {(detail) => (
          <div className={classes.columns}>
            <div className={classes.column}>
              <AlertReason detail={detail} />
              <AlertEvents detail={detail} />
            </div>
            <div className={classes.column}>
              <AlertFacts detail={detail} />
              <AlertRule detail={detail} />
              <AlertNotes detail={detail} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

function Trail({ id }: { id: string }) {
  const { t } = useTexts()
  const search = route.useSearch()
  const { position, previous, next } = useNeighbours(id, search)
  useKeys({ ...(next && { j: next }), ...(previous && { k: previous }) })
  return (
    <div className={classes.trail}>
      <Link to="/alerts" search={search} className={classes.back ?? ''}>
        <ArrowLeft size={15} aria-hidden /> {t('alerts.back')}
      </Link>
      {position && (
        <span className={classes.steps}>
          <span className={classes.position}>
            {position.at} / {position.of}
          </span>
          <Tooltip label={`${t('alerts.previousAlert')} (k)`}>
            <ActionIcon variant="default" size="sm" onClick={previous} disabled={!previous} aria-label={t('alerts.previousAlert')}>
              <ChevronUp size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`${t('alerts.nextAlert')} (j)`}>
            <ActionIcon variant="default" size="sm" onClick={next} disabled={!next} aria-label={t('alerts.nextAlert')}>
              <ChevronDown size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </span>
      )}
    </div>
  )
}

function Lead({ detail: { alert } }: { detail: AlertDetail }) {
  const { t } = useTexts()
  return (
    <span className={classes.lead}>
      <SeverityLabel severity={alert.severity} />
      <AlertStatusLabel status={alert.status} />
      {alert.resolution && <Status icon={CheckCheck}>{t('alerts.resolvedAs', { resolution: t(`resolution.${alert.resolution}`) })}</Status>}
    </span>
  )
}

function Actions({ detail: { alert } }: { detail: AlertDetail }) {
  const { t } = useTexts()
  const [dialog, setDialog] = useState<'escalate' | 'close'>()
  const may = useMay('analyst')
  const { user } = useSession()
  const acknowledge = useAcknowledge(user.id)
  const change = useChange('changeAlert')
  const mayAcknowledge = may && alert.status === 'new'
  const mayEscalate = may && alert.case === undefined
  const mayClose = may && alert.status !== 'closed'
  useKeys({
    a: () => mayAcknowledge && acknowledge.mutate([alert]),
    e: () => mayEscalate && setDialog('escalate'),
    c: () => mayClose && setDialog('close'),
  })
  return (
    <>
      <Tooltip label={t('alerts.copyLink')}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('alerts.copyLink')}
          onClick={() => void copyText(`${window.location.origin}/alerts/${encodeURIComponent(alert.id)}`, t('alerts.linkCopied'))}
        >
          <Link2 size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {mayAcknowledge && (
        <Button
          variant="default"
          leftSection={<Eye size={15} aria-hidden />}
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate([alert])}
          data-testid="acknowledge"
        >
          {t('alerts.acknowledge')}
        </Button>
      )}
      {may && alert.status === 'closed' && (
        <Button
          variant="default"
          leftSection={<RotateCcw size={15} aria-hidden />}
          onClick={() => change.mutate({ params: { id: alert.id }, body: { status: 'new', version: alert.version } })}
        >
          {t('alerts.reopen')}
        </Button>
      )}
      {mayClose && (
        <Button
          variant="default"
          leftSection={<CircleX size={15} aria-hidden />}
          onClick={() => setDialog('close')}
          data-testid="close-alert"
        >
          {t('alerts.closeAlert')}
        </Button>
      )}
      {mayEscalate && (
        <Button leftSection={<FolderPlus size={15} aria-hidden />} onClick={() => setDialog('escalate')} data-testid="create-case">
          {t('alerts.createCase')}
        </Button>
      )}
      {alert.case !== undefined && (
        <Button
          renderRoot={(props) => <Link to="/cases/$id" params={{ id: alert.case ?? '' }} {...props} />}
          leftSection={<FolderKanban size={15} aria-hidden />}
          data-testid="open-case"
        >
          {t('alerts.openCase')}
        </Button>
      )}
      <EscalateDialog alert={dialog === 'escalate' ? alert : undefined} onClose={() => setDialog(undefined)} />
      <CloseDialog alert={dialog === 'close' ? alert : undefined} onClose={() => setDialog(undefined)} />
    </>
  )
}
