import { Menu, UnstyledButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Copy, Filter } from 'lucide-react'
import { copyText } from '../../lib/clipboard.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import classes from './value-menu.module.css'

/** The fields whose values an alert names as entities, so that the list can be filtered by them. */
const entityFields = new Set([
  'source.ip',
  'client.ip',
  'user.name',
  'source.user.name',
  'destination.user.name',
  'user.target.name',
  'host.name',
  'url.domain',
])

/** A value that can be clicked: to see the alerts that name it, or to copy it. */
export function ValueMenu({ field, value }: { field?: string; value: string }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const filterable = field === undefined || entityFields.has(field)
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.value} aria-label={t('alerts.valueMenu', { value })}>
          {value}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {filterable && (
          <Menu.Item
            leftSection={<Filter size={14} aria-hidden />}
            onClick={() => void navigate({ to: '/alerts', search: { status: 'all', entity: value } })}
          >
            {t('alerts.filterByValue')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Copy size={14} aria-hidden />} onClick={() => void copyText(value, t('common.copied'))}>
          {t('alerts.copyValue')}
        </Menu.Item>
        {field && (
          <Menu.Item leftSection={<Copy size={14} aria-hidden />} onClick={() => void copyText(`${field}: ${value}`, t('common.copied'))}>
            {t('alerts.copyPair')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
