import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { MonitoredSystem } from '@vonggac/contract'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Tag } from '../../components/status.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { SystemDialog } from './system-dialog.tsx'
import classes from './lists.module.css'

export function SystemsPage() {
  const { t } = useTexts()
  const may = useMay('manager')
  const agencyName = useAgencyName()
  const query = useQuery(ask('listSystems', {}))
  const [editing, setEditing] = useState<MonitoredSystem | 'new'>()
  const [removing, setRemoving] = useState<MonitoredSystem>()
  const columns = useColumns(setEditing, setRemoving)
  const add = may && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')} data-testid="new-system">
      {t('systems.add')}
    </Button>
  )
  return (
    <Page title={t('systems.title')} lead={t('systems.lead')} actions={add}>
      <Answered query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <div className={classes.list}>
              <Empty title={t('systems.empty')} hint={t('systems.emptyHint')} />
            </div>
          ) : (
            [...new Set(items.map(({ agency }) => agency))].map((agency) => (
              <Panel key={agency} title={agencyName(agency)} flush>
                <DataTable
                  label={t('systems.list', { agency: agencyName(agency) })}
                  columns={columns}
                  rows={items.filter((system) => system.agency === agency)}
                  rowKey={({ id }) => id}
                  rowTestId="system-row"
                />
              </Panel>
            ))
          )
        }
      </Answered>
      <SystemDialog system={editing} onClose={() => setEditing(undefined)} />
      <RemoveSystem system={removing} onClose={() => setRemoving(undefined)} />
    </Page>
  )
}

function useColumns(edit: (system: MonitoredSystem) => void, remove: (system: MonitoredSystem) => void): Column<MonitoredSystem>[] {
  const { t } = useTexts()
  const may = useMay('manager')
  return [
    {
      key: 'system',
      header: t('systems.system'),
      narrow: 'line',
      cell: ({ name, description, networks }) => (
        <div className={classes.lines}>
          <strong className={classes.name}>{name}</strong>
          {description && <span className={classes.quiet}>{description}</span>}
          {networks.length > 0 && <code className={classes.quiet}>{networks.join(', ')}</code>}
        </div>
      ),
    },
    {
      key: 'level',
      header: t('systems.level'),
      width: '5.5rem',
      cell: ({ level }) => <Tag>{t('systems.levelOf', { level })}</Tag>,
    },
    { key: 'owner', header: t('systems.owner'), width: '12rem', labelled: true, cell: ({ owner }) => <Person {...owner} /> },
    { key: 'operator', header: t('systems.operator'), width: '12rem', labelled: true, cell: ({ operator }) => <Person {...operator} /> },
    {
      key: 'sources',
      header: t('sources.title'),
      width: '15rem',
      narrow: 'line',
      labelled: true,
      cell: (system) => <Sources system={system} />,
    },
    {
      key: 'actions',
      header: t('systems.actions'),
      quietHeader: true,
      width: '5rem',
      end: true,
      cell: (system) =>
        may && (
          <span className={classes.buttons}>
            <Tooltip label={t('systems.edit', { system: system.name })}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('systems.edit', { system: system.name })}
                onClick={() => edit(system)}
              >
                <Pencil size={15} aria-hidden />
              </ActionIcon>
            </Tooltip>
            {system.sources === 0 && (
              <Tooltip label={t('systems.remove')}>
                <ActionIcon
                  variant="subtle"
                  color="danger"
                  aria-label={`${t('systems.remove')}: ${system.name}`}
                  onClick={() => remove(system)}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )}
          </span>
        ),
    },
  ]
}

function Person({ name, phone, email }: MonitoredSystem['owner']) {
  return (
    <span className={classes.lines}>
      <span>{name}</span>
      {phone && <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{phone}</a>}
      {email && <a href={`mailto:${email}`}>{email}</a>}
    </span>
  )
}

function Sources({ system }: { system: MonitoredSystem }) {
  const { t, language } = useTexts()
  const may = useMay('manager')
  const { data } = useQuery(ask('listSources', {}))
  const own = data?.items.filter((source) => source.agency === system.agency && source.system === system.name) ?? []
  return (
    <div className={classes.lines}>
      {own.map((source) => (
        <Link key={source.id} to="/sources/$id" params={{ id: source.id }}>
          {localized(source.name, language)}
        </Link>
      ))}
      {own.length === 0 && <span className={classes.quiet}>{t('systems.noSources')}</span>}
      {may && (
        <Link to="/sources/new" search={{ system: system.id }} className={classes.add ?? ''}>
          <Plus size={13} aria-hidden /> {t('systems.addSource')}
        </Link>
      )}
    </div>
  )
}

function RemoveSystem({ system, onClose }: { system: MonitoredSystem | undefined; onClose: () => void }) {
  const { t } = useTexts()
  const remove = useChange('removeSystem')
  const confirm = (one: MonitoredSystem) =>
    remove.mutate(
      { params: { id: one.id }, query: { version: one.version } },
      {
        onSuccess: () => {
          onClose()
          showDone(t('systems.removed'))
        },
      },
    )
  return (
    <ConfirmDialog
      opened={system !== undefined}
      title={t('systems.removeTitle')}
      action={t('systems.remove')}
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => system && confirm(system)}
    >
      {t('systems.removeLead', { system: system?.name ?? '' })}
    </ConfirmDialog>
  )
}
