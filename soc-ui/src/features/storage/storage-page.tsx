import { useQuery } from '@tanstack/react-query'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { Health } from './health.tsx'
import { Holds } from './holds.tsx'
import { Jobs } from './jobs.tsx'
import { Parts } from './parts.tsx'
import { Retention } from './retention.tsx'
import classes from './storage-page.module.css'

/** A running job is followed closely, the rest changes slowly. */
const followMs = 1_500
const slowMs = 15_000

export function StoragePage() {
  const { t } = useTexts()
  const may = useMay('manager')
  const query = useQuery({
    ...ask('readStorage', {}),
    enabled: may,
    refetchInterval: ({ state }) => (state.data?.jobs.some((job) => job.state === 'running') ? followMs : slowMs),
  })
  if (!may) {
    return (
      <Page title={t('storage.title')}>
        <Empty title={t('failure.forbidden')} hint={t('failure.forbiddenLead')} />
      </Page>
    )
  }
  return (
    <Page title={t('storage.title')}>
      <Answered query={query} rows={12}>
        {(storage) => (
          <>
            <Health storage={storage} />
            <div className={classes.columns}>
              <div className={classes.column}>
                <Holds holds={storage.holds} />
                <Parts parts={storage.parts} />
              </div>
              <div className={classes.column}>
                <Retention retention={storage.retention} />
                <Jobs jobs={storage.jobs} able={storage.able} />
              </div>
            </div>
          </>
        )}
      </Answered>
    </Page>
  )
}
