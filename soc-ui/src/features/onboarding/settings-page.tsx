import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { RegisteredSource } from '@vonggac/contract'
import { Panel } from '../../components/panel.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { ExpectationFields } from './expectation-fields.tsx'
import { ParserField } from './parser-field.tsx'
import { SenderFields } from './sender-fields.tsx'
import { SourceFrame } from './source-frame.tsx'
import { SourceState } from './source-state.tsx'
import { draftOf, valuesOf } from './source-values.ts'
import { useSourceForm } from './use-source-form.ts'
import { WayField } from './way-field.tsx'
import { asWay } from './ways.ts'
import classes from './connect-page.module.css'

const route = getRouteApi('/console/sources/$id/settings')

export function SettingsPage() {
  const { t } = useTexts()
  const { id } = route.useParams()
  return (
    <SourceFrame id={id} title={(source) => t('sourceSettings.title', { source })}>
      {(source) => <Settings source={source} />}
    </SourceFrame>
  )
}

function Settings({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const may = useMay('manager')
  return (
    <div className={classes.columns}>
      {/* What somebody else changed meanwhile begins the form anew: saving over it would be refused. */}
      <fieldset className={classes.form} disabled={!may} key={source.version}>
        <Form source={source} />
      </fieldset>
      <div className={classes.column}>
        <SourceState source={source} />
        {!may && <p className={classes.text}>{t('sourceSettings.managersOnly')}</p>}
      </div>
    </div>
  )
}

function Form({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const form = useSourceForm(valuesOf(source))
  const { data } = useQuery(ask('listSystems', {}))
  const change = useChange('changeRegisteredSource')
  const offered = asWay(source.config.transport) !== undefined
  const submit = form.onSubmit((values) => {
    const system = data?.items.find(({ id }) => id === values.system)
    if (!system) return form.setFieldError('system', t('newSource.systemMissing'))
    const { paused, pauseReason, version } = source
    change.mutate(
      { params: { id: source.id }, body: { ...draftOf(values, system, source.config), paused, pauseReason, version } },
      { onSuccess: () => showDone(t('sourceSettings.saved')) },
    )
  })
  return (
    <form onSubmit={submit} noValidate className={classes.column} data-testid="source-settings">
      <Panel title={t('sourceSettings.sender')}>
        <SenderFields form={form} registered recognised={offered} />
      </Panel>
      <Panel title={t('sourceSettings.parsers')} lead={t('sourceSettings.parsersHint')}>
        <ParserField form={form} />
      </Panel>
      {offered && (
        <Panel title={t('sourceSettings.way')}>
          <WayField form={form} />
        </Panel>
      )}
      <Panel title={t('sourceSettings.expectation')}>
        <ExpectationFields form={form} source={source.id} />
      </Panel>
      <Group justify="flex-end">
        <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" disabled={!form.isDirty()} loading={change.isPending} data-testid="save-source">
          {t('common.save')}
        </Button>
      </Group>
    </form>
  )
}
