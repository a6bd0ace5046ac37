import { createHash, randomBytes } from 'node:crypto'
import { say, VonggacError } from '@vonggac/contract'
import type { Handlers } from '../../platform/handler.ts'
import type { Authority } from '../authority/index.ts'
import { isFetched } from '../checks.ts'
import { changeSource, readSource, type SourceChangeDeps } from './changes.ts'
import { shownSource, type KeptSource } from './kind.ts'

export interface CredentialsDeps extends SourceChangeDeps {
  readonly authority: Pick<Authority, 'certificate' | 'issueClient'>
  /** 256 random bits as text; given by tests. */
  readonly randomToken?: () => string
}

/** While a token is exchanged both work. */
const mostTokens = 2
/** Machines that share a source may have a certificate each. */
const mostCertificates = 50

type CredentialsHandlers = Pick<Handlers, 'issueToken' | 'revokeToken' | 'issueCertificate' | 'revokeCertificate'>

/** What senders prove themselves with. Tokens are kept as digests, private keys not at all: both are shown once, in the answer. */
export function credentialsHandlers(deps: CredentialsDeps): CredentialsHandlers {
  const { authority, clock, randomToken = () => randomBytes(32).toString('base64url') } = deps

  return {
    async issueToken({ params }, scope) {
      const { config } = await readSource(deps, scope, params.id)
      if (config.transport !== 'http' && config.transport !== 'journald')
        throw new VonggacError('invalid-request', say('tokens-none', { transport: config.transport }))
      const token = randomToken()
      const digest = createHash('sha256').update(token).digest('base64url')
      const id = digest.slice(0, 8)
      const issued = (source: KeptSource, issuedAt: string): KeptSource => {
        if (source.tokens.length >= mostTokens) throw new VonggacError('conflict', say('tokens-many', { most: mostTokens }))
        return { ...source, tokens: [...source.tokens, { id, digest, issuedAt, issuedBy: scope.actor }] }
      }
      const change = { version: undefined, action: 'source.issue-token', detail: { token: id }, how: issued }
      return { token, source: shownSource(await changeSource(deps, scope, params.id, change)) }
    },

    async revokeToken({ params, body }, scope) {
      const revoked = (source: KeptSource): KeptSource => {
        const left = source.tokens.filter(({ id }) => id !== body.token)
        if (left.length === source.tokens.length) throw new VonggacError('not-found', say('token-unknown', { token: body.token }))
        return { ...source, tokens: left }
      }
      const change = { version: undefined, action: 'source.revoke-token', detail: { token: body.token }, how: revoked }
      return shownSource(await changeSource(deps, scope, params.id, change))
    },

    async issueCertificate({ params }, scope) {
      const { config } = await readSource(deps, scope, params.id)
      if (config.transport === 'http' || isFetched(config))
        throw new VonggacError('invalid-request', say(config.transport === 'http' ? 'certificates-by-token' : 'certificates-fetched'))
      const { certificate, key, serial, notAfter } = await authority.issueClient(params.id)
      const issued = (source: KeptSource, issuedAt: string): KeptSource => {
        const valid = source.certificates.filter((one) => Date.parse(one.notAfter) > clock.now().getTime())
        if (valid.filter(({ revokedAt }) => revokedAt === undefined).length >= mostCertificates)
          throw new VonggacError('conflict', say('certificates-many', { most: mostCertificates }))
        return { ...source, certificates: [...valid, { serial, issuedAt, notAfter: notAfter.toISOString(), issuedBy: scope.actor }] }
      }
      const change = { version: undefined, action: 'source.issue-certificate', detail: { serial }, how: issued }
      const source = await changeSource(deps, scope, params.id, change)
      return { certificate, key, authority: authority.certificate, source: shownSource(source) }
    },

    async revokeCertificate({ params, body }, scope) {
      const revoked = (source: KeptSource, revokedAt: string): KeptSource => {
        const known = source.certificates.some(({ serial }) => serial === body.serial)
        if (!known) throw new VonggacError('not-found', say('certificate-unknown', { serial: body.serial }))
        return {
          ...source,
          certificates: source.certificates.map((one) =>
            one.serial === body.serial ? { ...one, revokedAt: one.revokedAt ?? revokedAt } : one,
          ),
        }
      }
      const change = { version: undefined, action: 'source.revoke-certificate', detail: { serial: body.serial }, how: revoked }
      return shownSource(await changeSource(deps, scope, params.id, change))
    },
  }
}
