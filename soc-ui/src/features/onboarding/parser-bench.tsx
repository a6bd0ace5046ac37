import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '../../components/panel.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { saidText } from '../../lib/said.ts'
import { sampleLines } from './lists.ts'
import { HowToWrite } from './how-to-write.tsx'
import { LeaveGuard } from './leave-guard.tsx'
import { mistakeOf } from './mistake.ts'
import { ParserKeeping } from './parser-keeping.tsx'
import { SampleLines } from './sample-lines.tsx'
import { TrialEvents } from './trial-events.tsx'
import { useSamples } from './use-samples.ts'
import { YamlEditor } from './yaml-editor.tsx'
import classes from './connect-page.module.css'

/** How long the fingers rest before the text is tried. */
const restMs = 600

interface ParserBenchProps {
  /** undefined: a new one. */
  readonly known: Reply<'readParser'> | undefined
  readonly yaml: string
  /** The source whose unread lines are tried. */
  readonly source: string | undefined
}

/** The text of a parser beside sample lines, and under them what it makes of them; both are tried while they are written. */
export function ParserBench({ known, yaml, source }: ParserBenchProps) {
  const { t, language } = useTexts()
  const [text, setText] = useState(yaml)
  const samples = useSamples(source)
  const [restedText] = useDebouncedValue(text, restMs)
  const [restedSamples] = useDebouncedValue(samples.text, restMs)
  const lines = sampleLines(restedSamples)
  const trial = useQuery({
    ...ask('tryParser', { body: { yaml: restedText, lines: [...lines], framing: samples.framing } }),
    enabled: lines.length > 0,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  })
  const { mistake, said = mistake } = trial.data ?? {}
  const found = said === undefined || lines.length === 0 ? undefined : mistakeOf(saidText(said, language))
  return (
    <div className={classes.columns}>
      <LeaveGuard on={text !== yaml && (known === undefined || known.origin === 'agency')} loss={t('parsers.unsaved')} />
      <Panel title={t('parsers.editor')} {...(known?.origin === 'product' && { lead: t('parsers.readOnly') })} testId="parser-text">
        <YamlEditor value={text} onChange={setText} mistake={found} />
        <HowToWrite />
        <ParserKeeping known={known} yaml={text} changed={text !== yaml} />
      </Panel>
      <div className={classes.column}>
        <SampleLines samples={samples} />
        <TrialEvents trial={trial} tried={lines.length > 0} />
      </div>
    </div>
  )
}
