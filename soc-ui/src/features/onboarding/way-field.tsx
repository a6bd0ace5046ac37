import { Radio, Stack } from '@mantine/core'
import { useTexts } from '../../lib/i18n/index.ts'
import type { SourceForm } from './use-source-form.ts'
import { ways, type Way } from './ways.ts'

/** How it sends; each way says for whom it is, and how the sender is known. */
export function WayField({ form }: { form: SourceForm }) {
  const { t } = useTexts()
  return (
    <Radio.Group aria-label={t('sourceSettings.way')} value={form.values.way} onChange={(value) => form.setFieldValue('way', value as Way)}>
      <Stack gap="sm">
        {ways.map((way) => (
          <Radio
            key={way}
            value={way}
            label={t(`newSource.way.${way}`)}
            description={t(`newSource.wayHint.${way}`)}
            data-testid={`way-${way}`}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
