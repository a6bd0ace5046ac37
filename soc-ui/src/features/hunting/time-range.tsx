import { Button, Group, Popover, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { CalendarClock, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-input.ts'
import { formatDateTime } from '../../lib/time.ts'
import { lastOf, lasts, periodOf, readHuntSearch, type HuntSearch, type Last, type Period } from './search.ts'
import classes from './time-range.module.css'

interface TimeRangeProps {
  readonly search: HuntSearch
  readonly onChange: (part: Pick<HuntSearch, 'last' | 'from' | 'to' | 'clock'>) => void
}

/** The period: what ended just now, or two times; and by which of an event's two times it goes. */
export function TimeRange({ search, onChange }: TimeRangeProps) {
  const { t, language } = useTexts()
  const [opened, setOpened] = useState(false)
  const last = lastOf(search)
  const shown = last
    ? t(`hunting.last.${last}`)
    : `${formatDateTime(search.from ?? '', language)} – ${formatDateTime(search.to ?? '', language)}`
  const choose = (part: Parameters<typeof onChange>[0]) => {
    setOpened(false)
    onChange(part)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<CalendarClock size={15} aria-hidden />}
          rightSection={<ChevronDown size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
          aria-label={t('hunting.periodIs', { period: shown })}
          className={classes.button ?? ''}
          data-testid="period"
        >
          {shown}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown ?? ''}>
        <Stack gap="sm">
          <div className={classes.presets} role="group" aria-label={t('hunting.period')}>
            {lasts.map((value: Last) => (
              <Button
                key={value}
                size="xs"
                px={4}
                variant={value === last ? 'filled' : 'default'}
                aria-pressed={value === last}
                onClick={() => choose({ last: value, from: undefined, to: undefined } as never)}
                data-testid={`last-${value}`}
              >
                {t(`hunting.last.${value}`)}
              </Button>
            ))}
          </div>
          <Ends search={search} onChange={(period) => choose({ ...period, last: undefined } as never)} />
          <div>
            <div className={classes.name}>{t('hunting.clock')}</div>
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label={t('hunting.clock')}
              value={search.clock ?? 'received'}
              onChange={(clock) => onChange({ clock: clock as 'received' | 'occurred' })}
              data={[
                { value: 'received', label: t('hunting.received') },
                { value: 'occurred', label: t('hunting.occurred') },
              ]}
            />
            <p className={classes.hint}>{t('hunting.clockHint')}</p>
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Ends({ search, onChange }: { search: HuntSearch; onChange: (period: Period) => void }) {
  const { t } = useTexts()
  const [present] = useState(() => periodOf(search, Date.now()))
  const [from, setFrom] = useState(toLocalInput(present.from))
  const [to, setTo] = useState(toLocalInput(present.to))
  const chosen = readHuntSearch({ from: fromLocalInput(from), to: fromLocalInput(to) })
  const period = chosen.from !== undefined && chosen.to !== undefined ? { from: chosen.from, to: chosen.to } : undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (period) onChange(period)
      }}
    >
      <Stack gap="xs">
        <TextInput
          size="xs"
          type="datetime-local"
          label={t('hunting.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          type="datetime-local"
          label={t('hunting.to')}
          value={to}
          error={period ? undefined : t('hunting.periodWrong')}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Group justify="space-between" gap="xs">
          <span className={classes.hint}>{t('common.timezone')}</span>
          <Button size="xs" type="submit" disabled={!period} data-testid="apply-period">
            {t('hunting.apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
