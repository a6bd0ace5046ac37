import { Button } from '@mantine/core'
import type { RegisteredSource } from '@vonggac/contract'
import { Copy, KeyRound } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { When } from '../../components/when.tsx'
import { copyText } from '../../lib/clipboard.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { IssuedList } from './issued-list.tsx'
import { Once } from './once.tsx'
import classes from './credentials.module.css'

interface TokensProps {
  readonly source: RegisteredSource
  /** The one that was issued just now: it is nowhere else. */
  readonly token: string | undefined
  readonly onToken: (token: string | undefined) => void
}

/** By which a sender over HTTP proves that it is the source: issued, shown once, exchanged, revoked. */
export function Tokens({ source, token, onToken }: TokensProps) {
  const { t } = useTexts()
  const issue = useChange('issueToken')
  const { tokens } = source
  return (
    <Panel
      title={t('connect.tokens')}
      lead={t('connect.secretsToken')}
      testId="tokens"
      actions={
        <Button
          size="xs"
          variant={tokens.length === 0 ? 'filled' : 'default'}
          leftSection={<KeyRound size={14} aria-hidden />}
          loading={issue.isPending}
          onClick={() => issue.mutate({ params: { id: source.id } }, { onSuccess: (reply) => onToken(reply.token) })}
          data-testid="issue-token"
        >
          {t(tokens.length === 0 ? 'connect.issueToken' : 'connect.issueTokenAgain')}
        </Button>
      }
    >
      {token !== undefined && (
        <Once text={t('connect.onceToken')} onKept={() => onToken(undefined)}>
          <code className={classes.token} data-testid="token">
            {token}
          </code>
          <Button
            size="xs"
            leftSection={<Copy size={14} aria-hidden />}
            onClick={() => void copyText(token, t('connect.tokenCopied'))}
            data-testid="copy-token"
          >
            {t('connect.copyToken')}
          </Button>
        </Once>
      )}
      {tokens.length === 0 ? <p className={classes.quiet}>{t('connect.noTokens')}</p> : <Issued source={source} />}
      {tokens.length > 0 && <p className={classes.quiet}>{t('connect.exchangeHint')}</p>}
    </Panel>
  )
}

function Issued({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const userName = useUserName()
  const revoke = useChange('revokeToken')
  return (
    <IssuedList
      name="token"
      label={t('connect.tokens')}
      items={source.tokens.map(({ id, issuedAt, issuedBy }) => ({
        id,
        usable: true,
        about: (
          <>
            <code>{id}…</code>
            <span className={classes.quiet}>
              <When at={issuedAt} /> · {userName(issuedBy)}
            </span>
          </>
        ),
      }))}
      title={t('connect.revokeToken')}
      lead={() => t('connect.revokeTokenLead')}
      revoked={t('connect.revokedToken')}
      busy={revoke.isPending}
      onRevoke={(token, done) => revoke.mutate({ params: { id: source.id }, body: { token } }, { onSuccess: done })}
    />
  )
}
