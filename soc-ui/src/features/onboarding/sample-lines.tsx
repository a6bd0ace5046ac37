import { SegmentedControl, Textarea } from '@mantine/core'
import { Panel } from '../../components/panel.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import type { Samples } from './use-samples.ts'
import classes from './trial.module.css'

export function SampleLines({ samples: { text, framing, taken, write, frame } }: { samples: Samples }) {
  const { t } = useTexts()
  return (
    <Panel
      title={t('parsers.samples')}
      lead={taken && taken.count > 0 ? t('parsers.unreadTaken', taken) : t('parsers.samplesHint')}
      testId="samples"
    >
      <Textarea
        classNames={{ input: classes.lines ?? '' }}
        aria-label={t('parsers.samples')}
        placeholder={t('parsers.samplesPlaceholder')}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        data-testid="parser-samples"
      />
      <SegmentedControl
        mt="xs"
        size="xs"
        aria-label={t('parsers.framing')}
        value={framing}
        onChange={(value) => frame(value as 'syslog' | 'plain')}
        data={(['syslog', 'plain'] as const).map((value) => ({ value, label: t(`parsers.${value}`) }))}
      />
    </Panel>
  )
}
