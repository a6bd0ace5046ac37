import { everyAgency, say, systemScope, VonggacError, type AgencyId } from '@vonggac/contract'
import { z } from 'zod'
import { constantTimeEquals, type Clock, type Handlers } from '../platform/index.ts'
import type { DocumentStore, Kind } from '../storage/index.ts'
import { hashPassword } from './passwords.ts'
import { digest, type RandomText } from './random.ts'
import type { SessionStore } from './session-store.ts'
import type { UserRecord, UserStore } from './user-store.ts'

const invitationSchema = z.object({ agency: z.string(), tokenDigest: z.string(), expiresMs: z.int() })
type Invitation = z.infer<typeof invitationSchema>

export const invitationKind: Kind<Invitation> = {
  name: 'setup-invitation',
  schema: invitationSchema,
  agency: (invitation) => invitation.agency,
  index: {},
}

const scope = systemScope('setup')
const invitationId = 'first-administrator'
const validMs = 24 * 3_600_000

export interface SetupDependencies {
  readonly documents: DocumentStore
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly clock: Clock
  readonly random: RandomText
  readonly operator: AgencyId
}

/**
 * The token of a new one-time link, while there is no administrator yet; undefined afterwards. Whoever starts the server can read it,
 * nobody else: only its digest is kept. Each start makes a new one and the old one is void.
 */
export async function inviteFirstAdministrator({
  documents,
  users,
  clock,
  random,
  operator,
}: SetupDependencies): Promise<string | undefined> {
  const former = await documents.read(scope, invitationKind, invitationId)
  if ((await users.countInstallationAdministrators(scope)) > 0) return undefined
  const token = random(32)
  const invitation = { agency: operator, tokenDigest: digest(token), expiresMs: clock.now().getTime() + validMs }
  await documents.write(scope, invitationKind, invitationId, invitation, former?.version ?? 'new')
  return token
}

export function setupHandlers(dependencies: SetupDependencies): Pick<Handlers, 'setupState' | 'setup'> {
  const { users, sessions, clock, operator } = dependencies
  const needed = async () => (await users.countInstallationAdministrators(scope)) === 0

  return {
    async setupState() {
      return { needed: await needed() }
    },

    async setup({ body }, _scope, exchange) {
      const { token, userName, displayName, password } = body
      const passwordHash = await hashPassword(password)
      const user = await users.serially(async () => {
        if (!(await needed())) throw new VonggacError('setup-closed', say('setup-done'))
        await claim(dependencies, token)
        const record: UserRecord = {
          id: userName,
          userName,
          displayName,
          role: 'administrator',
          agency: everyAgency,
          clearance: 'TLP:RED',
          disabled: false,
          createdAt: clock.now().toISOString(),
          passwordHash,
          sessionGeneration: 0,
        }
        const action = {
          agency: operator,
          action: 'user.set-up',
          subject: `user/${record.id}`,
          detail: { role: record.role, remoteAddress: exchange.remoteAddress },
        }
        const created = await users.create({ ...scope, actor: record.id }, record, action)
        return { id: record.id, value: record, version: created.version }
      })
      const { id, expiresAt, session } = await sessions.begin(user, exchange)
      exchange.setSession(id, expiresAt)
      return session
    },
  }
}

/** Uses the token up. Of two who come with it at once, the store's version check lets one through. */
async function claim({ documents, clock }: SetupDependencies, token: string): Promise<void> {
  const invitation = await documents.read(scope, invitationKind, invitationId)
  const valid =
    invitation && constantTimeEquals(digest(token), invitation.value.tokenDigest) && invitation.value.expiresMs > clock.now().getTime()
  if (!valid) {
    throw new VonggacError('setup-closed', say('setup-link-used'))
  }
  await documents.remove(scope, invitationKind, invitationId, invitation.version)
}
