import type { Texts } from '../texts.ts'
import type { administration as vi } from '../vi/administration.ts'

export const administration: Texts<typeof vi> = {
  users: {
    title: 'Users',
    list: 'List of users',
    create: 'Add user',
    edit: 'Edit {{user}}',
    role: 'Role',
    state: 'State',
    enabled: 'Enabled',
    disabled: 'Locked',
    disable: 'Lock the account',
    newPassword: 'New password',
    newPasswordHint: 'Leave empty to keep it',
    created: 'The user is added.',
    empty: 'There are no users yet.',
    roleHint: {
      viewer: 'Looks only',
      analyst: 'Handles alerts and cases, writes notices',
      manager: 'Also switches rules and reads the audit log',
      administrator: 'Also manages users',
    },
    you: 'you',
  },
  audit: {
    title: 'Audit log',
    lead: 'Every change by people and machines, linked by hashes, one chain an agency.',
    list: 'Entries of the log',
    verify: 'Check the hash chain',
    intact_one: '{{agency}}: intact, {{count}} entry',
    intact_other: '{{agency}}: intact, {{count}} entries',
    broken: '{{agency}}: the chain is broken at entry {{at}}',
    at: 'Time',
    actor: 'Actor',
    action: 'Action',
    detail: 'Detail',
    hash: 'Hash',
    previousHash: 'Previous hash',
    empty: 'No entries yet.',
    expand: 'Show the detail of entry {{sequence}}',
  },
}
