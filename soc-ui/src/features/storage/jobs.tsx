import { Button, Group, Progress } from '@mantine/core'
import type { Storage, StorageJob } from '@vonggac/contract'
import { Archive, CircleCheck, CircleX, LoaderCircle, ShieldCheck } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { Status } from '../../components/status.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { saidText } from '../../lib/said.ts'
import { useMay } from '../../lib/session.ts'
import classes from './jobs.module.css'

const kinds = [
  { kind: 'back-up', needs: 'backup', icon: Archive },
  { kind: 'check', needs: 'check', icon: ShieldCheck },
] as const
const looks = {
  running: { icon: LoaderCircle, tone: 'active' },
  done: { icon: CircleCheck, tone: 'good' },
  failed: { icon: CircleX, tone: 'danger' },
} as const

/** Back-ups and checks: started here, followed, with what they say in the end. */
export function Jobs({ jobs, able }: Pick<Storage, 'jobs' | 'able'>) {
  const { t } = useTexts()
  const may = useMay('administrator')
  const start = useChange('startStorageJob')
  const busy = start.isPending || jobs.some(({ state }) => state === 'running')
  const possible = kinds.filter(({ needs }) => able[needs])
  return (
    <Panel title={t('storage.jobs')} lead={possible.length > 0 ? t('storage.jobsLead') : t('storage.unable')} testId="jobs">
      {may ? (
        <Group gap="xs" mb="sm">
          {possible.map(({ kind, icon: Icon }) => (
            <Button
              key={kind}
              size="xs"
              variant="default"
              leftSection={<Icon size={14} aria-hidden />}
              disabled={busy}
              onClick={() => start.mutate({ body: { kind } })}
              data-testid={`start-${kind}`}
            >
              {t(`storage.start.${kind}`)}
            </Button>
          ))}
        </Group>
      ) : (
        possible.length > 0 && <p className={classes.quiet}>{t('storage.administratorsOnly')}</p>
      )}
      {jobs.length === 0 ? (
        possible.length > 0 && <p className={classes.quiet}>{t('storage.noJobs')}</p>
      ) : (
        <ul className={classes.jobs}>
          {jobs.map((job) => (
            <Job key={`${job.kind} ${job.startedAt}`} job={job} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Job({ job }: { job: StorageJob }) {
  const { t, language } = useTexts()
  const userName = useUserName()
  const name = t(`storage.kind.${job.kind}`)
  return (
    <li data-testid="job" data-state={job.state}>
      <div className={classes.head}>
        <strong>{name}</strong>
        <Status {...looks[job.state]}>
          {t(`storage.jobState.${job.state}`)}
          {job.state === 'running' && ` · ${Math.floor(job.progress * 100)}%`}
        </Status>
      </div>
      {job.state === 'running' && (
        <Progress value={job.progress * 100} size="sm" color="watch" aria-label={t('storage.progress', { job: name })} />
      )}
      <div className={classes.quiet}>
        <When at={job.startedAt} /> · {userName(job.startedBy)}
      </div>
      {job.notes.map((note, index) => (
        <div key={index} className={classes.note}>
          {saidText(note, language)}
        </div>
      ))}
    </li>
  )
}
