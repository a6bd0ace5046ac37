import { Select } from '@mantine/core'
import type { SourceStatus } from '@vonggac/contract'
import { useState } from 'react'
import { Panel } from '../../components/panel.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { Instructions } from './how-to-send.tsx'
import classes from './first-events.module.css'

/** What to do next on an installation that has not received anything yet; it goes away with the first event. */
export function FirstEvents({ sources }: { sources: readonly SourceStatus[] }) {
  const { t, language } = useTexts()
  const [chosen, setChosen] = useState<string | null>(null)
  const source = sources.find(({ id }) => id === chosen) ?? sources[0]
  if (!source) return null
  return (
    <Panel title={t('sources.first')} lead={t('sources.firstLead')} testId="first-events">
      <ol className={classes.steps}>
        <li>
          <Select
            className={classes.choice ?? ''}
            size="xs"
            label={t('sources.firstChoose')}
            data={sources.map(({ id, name }) => ({ value: id, label: localized(name, language) }))}
            value={source.id}
            onChange={setChosen}
            allowDeselect={false}
          />
        </li>
        <li>
          <Instructions source={source} />
        </li>
        <li>{t('sources.firstWatch')}</li>
      </ol>
    </Panel>
  )
}
