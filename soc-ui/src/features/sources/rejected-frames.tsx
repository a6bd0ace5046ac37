import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { fields, rejectReasons, type FlatEvent, type RejectReason } from '@vonggac/contract'
import { CircleX } from 'lucide-react'
import { useState } from 'react'
import { CodeBlock } from '../../components/code-block.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { bytesOf, hexDump } from './bytes.ts'
import classes from './rejected-frames.module.css'

type Form = 'text' | 'bytes'

/** What did not become an event, newest first, byte for byte as it came. */
export function RejectedFrames({ source }: { source: string }) {
  const { t } = useTexts()
  const [form, setForm] = useState<Form>('text')
  const query = useQuery(ask('listRejected', { params: { id: source }, query: { limit: 50 } }))
  return (
    <Panel
      title={t('sources.rejected')}
      lead={t('sources.rejectedLead')}
      testId="rejected"
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('sources.rejected')}
          value={form}
          onChange={(value) => setForm(value as Form)}
          data={[
            { value: 'text', label: t('sources.asText') },
            { value: 'bytes', label: t('sources.asBytes') },
          ]}
        />
      }
    >
      <Answered query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={classes.quiet}>{t('sources.noRejected')}</p>
          ) : (
            <ul className={classes.frames}>
              {items.map((event, index) => (
                <Frame key={textOf(event[fields.id]) || index} event={event} form={form} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  )
}

const shownBytes = 2_048

function Frame({ event, form }: { event: FlatEvent; form: Form }) {
  const { t } = useTexts()
  const reason = textOf(event[fields.rejectReason])
  const received = textOf(event[fields.received]) || textOf(event[fields.timestamp])
  const bytes = bytesOf(event)
  const size = t('sources.bytes', { count: bytes.length })
  const cut = bytes.length > shownBytes ? ` · ${t('sources.bytesCut', { shown: shownBytes })}` : ''
  const shown = form === 'bytes' ? hexDump(bytes.subarray(0, shownBytes)) : new TextDecoder().decode(bytes.subarray(0, shownBytes))
  return (
    <li className={classes.frame} data-testid="rejected-frame">
      <div className={classes.head}>
        <Status icon={CircleX} tone="danger">
          {isReason(reason) ? t(`sources.reason.${reason}`) : reason || t('common.unknown')}
        </Status>
        {received && <When at={received} />}
      </div>
      {textOf(event[fields.rejectDetail]) && <div className={classes.quiet}>{textOf(event[fields.rejectDetail])}</div>}
      <CodeBlock title={`${size}${cut}`} text={shown} />
    </li>
  )
}

function isReason(text: string): text is RejectReason {
  return rejectReasons.some((reason) => reason === text)
}

function textOf(value: FlatEvent[string] | undefined): string {
  return typeof value === 'string' ? value : ''
}
