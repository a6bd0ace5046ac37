import { Button, Checkbox, Group, Radio, ScrollArea, SegmentedControl, Stack, TextInput } from '@mantine/core'
import type { RetroHunt } from '@vonggac/contract'
import { useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { FilterField } from '../../components/filter-field.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { fold } from '../../lib/fold.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-input.ts'
import { useChange } from '../../lib/queries.ts'
import { ruleTitle } from '../../lib/rule-text.ts'
import { formatNumber } from '../../lib/time.ts'
import { useRules } from './rule-names.ts'
import classes from './retro-dialog.module.css'

interface RetroDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onStarted: (retro: RetroHunt) => void
}

/** Chooses rules and a past period, and whether what they find becomes alerts. */
export function RetroDialog({ opened, onClose, onStarted }: RetroDialogProps) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('hunting.startRetro')} size="lg">
      {opened && <RetroForm onClose={onClose} onStarted={onStarted} />}
    </Dialog>
  )
}

type Mode = RetroHunt['mode']
const dayMs = 86_400_000
/** A list longer than a dialog can show is narrowed by its search. */
const shownAtMost = 200

function RetroForm({ onClose, onStarted }: Omit<RetroDialogProps, 'opened'>) {
  const { t, language } = useTexts()
  const start = useChange('startRetroHunt')
  const rules = useRules().filter(({ state }) => state !== 'refused')
  // The fields have no seconds: the next minute holds what came just now.
  const [now] = useState(() => Date.now())
  const [from, setFrom] = useState(() => toLocalInput(new Date(now - 7 * dayMs).toISOString()))
  const [to, setTo] = useState(() => toLocalInput(new Date(now + 60_000).toISOString()))
  const [all, setAll] = useState(true)
  const [filter, setFilter] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [mode, setMode] = useState<Mode>('preview')
  const wanted = fold(filter.trim())
  const shown = rules.filter((rule) =>
    fold(`${ruleTitle(rule, language)} ${rule.title} ${rule.id} ${rule.tags.join(' ')}`).includes(wanted),
  )
  const [fromIso, toIso] = [fromLocalInput(from), fromLocalInput(to)]
  const valid = fromIso !== undefined && toIso !== undefined && fromIso < toIso
  const submit = () => {
    if (!valid) return
    start.mutate(
      { body: { from: fromIso, to: toIso, rules: all ? [] : [...chosen], mode } },
      {
        onSuccess: (retro) => {
          onClose()
          onStarted(retro)
        },
      },
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      data-testid="retro-form"
    >
      <Stack gap="md">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput
            type="datetime-local"
            miw="12.5rem"
            label={t('hunting.from')}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            type="datetime-local"
            miw="12.5rem"
            label={t('hunting.to')}
            value={to}
            error={valid ? undefined : t('hunting.periodWrong')}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </Group>
        <SegmentedControl
          aria-label={t('hunting.rules')}
          value={all ? 'all' : 'some'}
          onChange={(value) => setAll(value === 'all')}
          data={[
            { value: 'all', label: t('hunting.allRules') },
            { value: 'some', label: t('hunting.someRules', { count: chosen.length }) },
          ]}
        />
        {!all && (
          <div>
            <FilterField mb="xs" label={t('rules.search')} value={filter} onChange={setFilter} />
            <ScrollArea.Autosize mah="16rem" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('hunting.rules') }}>
              <Checkbox.Group value={[...chosen]} onChange={setChosen} aria-label={t('hunting.rules')}>
                <Stack gap={6}>
                  {shown.slice(0, shownAtMost).map((rule) => (
                    <Checkbox
                      key={rule.id}
                      size="xs"
                      value={rule.id}
                      label={
                        <span className={classes.rule}>
                          {ruleTitle(rule, language)} <SeverityLabel severity={rule.level} />
                        </span>
                      }
                    />
                  ))}
                </Stack>
              </Checkbox.Group>
            </ScrollArea.Autosize>
            {shown.length > shownAtMost && (
              <p className={classes.hint}>
                {t('hunting.moreRules', { count: shown.length - shownAtMost, shown: formatNumber(shown.length - shownAtMost, language) })}
              </p>
            )}
          </div>
        )}
        <Radio.Group label={t('hunting.modeName')} value={mode} onChange={(value) => setMode(value as Mode)}>
          <Stack gap="xs" mt="xs">
            {(['preview', 'alerts'] as const).map((value) => (
              <Radio key={value} value={value} label={t(`hunting.mode.${value}`)} description={t(`hunting.modeHint.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={start.isPending} disabled={!valid || (!all && chosen.length === 0)} data-testid="confirm-retro">
            {t('hunting.start')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
