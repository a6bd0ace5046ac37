import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { formatNumber } from '../../lib/time.ts'
import type { SourceForm } from './use-source-form.ts'
import classes from './forms.module.css'

/** What the source has usually sent, to be taken over: then each hour is judged by what is usual in it. */
export function VolumeProposal({ form, source }: { form: SourceForm; source: string }) {
  const { t, language } = useTexts()
  const { data } = useQuery(ask('proposeVolume', { params: { id: source } }))
  const { eventsPerHour } = form.values
  const take = (hours: number[] | null, day?: number | null) => {
    form.setFieldValue('eventsPerHour', hours)
    if (day) form.setFieldValue('eventsPerDay', day)
  }
  if (eventsPerHour !== null)
    return (
      <Group gap="sm" data-testid="volume-by-hour">
        <p className={classes.hint}>{t('newSource.byHour')}</p>
        <Button variant="default" size="xs" onClick={() => take(null)}>
          {t('newSource.byDay')}
        </Button>
      </Group>
    )
  if (!data) return null
  const { days, eventsPerDay, eventsPerHour: learned } = data
  if (learned === null || eventsPerDay === null) return <p className={classes.hint}>{t('newSource.proposalShort')}</p>
  return (
    <Group gap="sm" data-testid="volume-proposal">
      <p className={classes.hint}>{t('newSource.proposal', { count: days, events: formatNumber(eventsPerDay, language) })}</p>
      <Button variant="default" size="xs" onClick={() => take(learned, eventsPerDay)}>
        {t('newSource.takeProposal')}
      </Button>
    </Group>
  )
}
