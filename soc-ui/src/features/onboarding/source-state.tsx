import { Button, Group, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { RegisteredSource, SourceDraft } from '@vonggac/contract'
import { CircleCheck, Pause, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Panel } from '../../components/panel.tsx'
import { ReasonForm } from '../../components/reason-form.tsx'
import { Status } from '../../components/status.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import classes from './forms.module.css'

/** Whether logs are taken, and the ways to stop that for a while or for good. */
export function SourceState({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const may = useMay('manager')
  const [asking, setAsking] = useState<'pause' | 'remove'>()
  const change = useChange('changeRegisteredSource')
  const close = () => setAsking(undefined)
  const turn = (paused: boolean, pauseReason: string) =>
    change.mutate(
      { params: { id: source.id }, body: { ...draftIn(source), paused, pauseReason, version: source.version } },
      {
        onSuccess: () => {
          close()
          showDone(t(paused ? 'sourceSettings.pausedDone' : 'sourceSettings.resumed'))
        },
      },
    )
  return (
    <Panel title={t('sourceSettings.state')} testId="source-state">
      <Stack gap="sm" align="flex-start">
        {source.paused ? (
          <Status icon={Pause} tone="warning">
            {t('sourceSettings.paused')}
          </Status>
        ) : (
          <Status icon={CircleCheck} tone="good">
            {t('sourceSettings.running')}
          </Status>
        )}
        {source.paused && source.pauseReason && <p className={classes.warning}>{source.pauseReason}</p>}
        {may && (
          <Group gap="xs">
            {source.paused ? (
              <Button
                size="xs"
                leftSection={<Play size={14} aria-hidden />}
                loading={change.isPending}
                onClick={() => turn(false, '')}
                data-testid="resume-source"
              >
                {t('sourceSettings.resume')}
              </Button>
            ) : (
              <Button
                size="xs"
                variant="default"
                leftSection={<Pause size={14} aria-hidden />}
                onClick={() => setAsking('pause')}
                data-testid="pause-source"
              >
                {t('sourceSettings.pause')}
              </Button>
            )}
            <Button
              size="xs"
              variant="subtle"
              color="danger"
              leftSection={<Trash2 size={14} aria-hidden />}
              onClick={() => setAsking('remove')}
              data-testid="remove-source"
            >
              {t('sourceSettings.remove')}
            </Button>
          </Group>
        )}
      </Stack>
      <Dialog opened={asking === 'pause'} onClose={close} title={t('sourceSettings.pauseTitle')}>
        <ReasonForm
          name="pause"
          action={t('sourceSettings.pause')}
          busy={change.isPending}
          onCancel={close}
          onReason={(reason) => turn(true, reason)}
        >
          <p className={classes.hint}>{t('sourceSettings.pauseLead')}</p>
        </ReasonForm>
      </Dialog>
      <Removal source={source} opened={asking === 'remove'} onClose={close} />
    </Panel>
  )
}

function draftIn({ config, system, expectation, retentionDays }: RegisteredSource): Omit<SourceDraft, 'paused' | 'pauseReason'> {
  return { config, system, expectation, retentionDays }
}

function Removal({ source, opened, onClose }: { source: RegisteredSource; opened: boolean; onClose: () => void }) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const remove = useChange('removeRegisteredSource')
  const confirm = () =>
    remove.mutate(
      { params: { id: source.id }, query: { version: source.version } },
      {
        onSuccess: () => {
          showDone(t('sourceSettings.removed'))
          void navigate({ to: '/sources', replace: true })
        },
      },
    )
  return (
    <ConfirmDialog
      opened={opened}
      title={t('sourceSettings.removeTitle')}
      action={t('sourceSettings.remove')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={confirm}
    >
      {t('sourceSettings.removeLead', { source: localized(source.config.name, language) })}
    </ConfirmDialog>
  )
}
