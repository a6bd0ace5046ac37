import { ActionIcon, Button, Drawer, SegmentedControl, Tooltip } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { fields, type FlatEvent } from '@vonggac/contract'
import { BellRing, ChevronDown, ChevronUp, Copy, Crosshair, RadioTower } from 'lucide-react'
import { useState } from 'react'
import { CodeBlock } from '../../components/code-block.tsx'
import { copyText } from '../../lib/clipboard.ts'
import { fieldText } from '../../lib/event-text.ts'
import { aroundEvent } from '../../lib/around-event.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime } from '../../lib/time.ts'
import { EventFields } from './event-fields.tsx'
import type { Narrow } from './value-buttons.tsx'
import classes from './event-drawer.module.css'

interface EventDrawerProps {
  readonly event: FlatEvent | undefined
  readonly columns: readonly string[]
  readonly onClose: () => void
  /** To the row before or after; undefined where there is none. */
  readonly onPrevious: (() => void) | undefined
  readonly onNext: (() => void) | undefined
  readonly onColumn: (field: string) => void
  readonly onNarrow: Narrow
}

/** An event in full, beside the list. j and k go to its neighbours. */
export function EventDrawer(props: EventDrawerProps) {
  const { t } = useTexts()
  const { event, onClose } = props
  return (
    <Drawer.Root
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      returnFocus={false}
      size="46rem"
      classNames={{ content: classes.drawer ?? '' }}
    >
      <Drawer.Overlay backgroundOpacity={0.3} />
      <Drawer.Content aria-label={t('hunting.event')} data-testid="event-drawer">
        {event && <OpenedEvent {...props} event={event} />}
      </Drawer.Content>
    </Drawer.Root>
  )
}

type Form = 'table' | 'json'

function OpenedEvent({ event, columns, onClose, onPrevious, onNext, onColumn, onNarrow }: EventDrawerProps & { event: FlatEvent }) {
  const { t, language } = useTexts()
  const [form, setForm] = useState<Form>('table')
  // The page's own keys rest while a dialog is open.
  useWindowEvent('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    if (ctrlKey || metaKey || altKey || (target as Element).closest('input')) return
    if (key === 'j') onNext?.()
    if (key === 'k') onPrevious?.()
  })
  const source = fieldText(event[fields.source])
  const json = JSON.stringify(event, null, 2)
  const original = fieldText(event[fields.original])
  const narrow: Narrow = (...given) => {
    onNarrow(...given)
    onClose()
  }
  return (
    <>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title} tabIndex={-1} data-autofocus>
            {formatDateTime(fieldText(event[fields.timestamp]), language)}
          </h2>
          <div className={classes.lead}>
            <span className="mono">{fieldText(event[fields.dataset])}</span>
            {fieldText(event['host.name']) && <span className="mono">{fieldText(event['host.name'])}</span>}
          </div>
        </div>
        <div className={classes.steps}>
          <Tooltip label={`${t('hunting.previousEvent')} (k)`}>
            <ActionIcon variant="default" disabled={!onPrevious} onClick={onPrevious} aria-label={t('hunting.previousEvent')}>
              <ChevronUp size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`${t('hunting.nextEvent')} (j)`}>
            <ActionIcon variant="default" disabled={!onNext} onClick={onNext} aria-label={t('hunting.nextEvent')}>
              <ChevronDown size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Drawer.CloseButton aria-label={t('common.close')} />
        </div>
      </div>
      <div className={classes.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Crosshair size={13} aria-hidden />}
          renderRoot={(props) => <Link to="/hunting" search={aroundEvent(event)} onClick={onClose} {...props} />}
          title={t('hunting.aroundHint')}
        >
          {t('hunting.around')}
        </Button>
        <RelatedAlerts event={event} />
        {source && (
          <Button
            size="xs"
            variant="default"
            leftSection={<RadioTower size={13} aria-hidden />}
            renderRoot={(props) => <Link to="/sources/$id" params={{ id: source }} {...props} />}
          >
            {t('hunting.source', { source })}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<Copy size={13} aria-hidden />}
          onClick={() => void copyText(json, t('common.copied'))}
          data-testid="copy-json"
        >
          {t('hunting.copyJson')}
        </Button>
      </div>
      <div className={classes.body}>
        {original !== '' && <CodeBlock title={t('alerts.rawLine')} text={original} testId="raw-line" />}
        <SegmentedControl
          size="xs"
          aria-label={t('hunting.form')}
          value={form}
          onChange={(value) => setForm(value as Form)}
          data={[
            { value: 'table', label: t('hunting.fields') },
            { value: 'json', label: 'JSON' },
          ]}
        />
        {form === 'json' ? (
          <CodeBlock title="JSON" text={json} />
        ) : (
          <EventFields event={event} columns={columns} onColumn={onColumn} onNarrow={narrow} />
        )}
      </div>
    </>
  )
}

/** Alerts that name who or what the event is about. */
function RelatedAlerts({ event }: { event: FlatEvent }) {
  const { t } = useTexts()
  const entity = ['source.ip', 'user.name', 'host.name'].map((field) => fieldText(event[field])).find((value) => value !== '')
  if (!entity) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<BellRing size={13} aria-hidden />}
      renderRoot={(props) => <Link to="/alerts" search={{ status: 'all', entity }} {...props} />}
    >
      {t('hunting.alertsOf', { entity })}
    </Button>
  )
}
