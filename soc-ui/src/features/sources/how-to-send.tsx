import type { SourceStatus } from '@vonggac/contract'
import { CodeBlock } from '../../components/code-block.tsx'
import { Panel } from '../../components/panel.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { snippetFor, tokenFile } from './snippets.ts'
import classes from './source-page.module.css'

export function HowToSend({ source }: { source: SourceStatus }) {
  const { t } = useTexts()
  return (
    <Panel title={t('sources.howTo')}>
      <Instructions source={source} />
    </Panel>
  )
}

const leads: Readonly<Record<string, 'sources.howToHttp' | 'sources.howToSyslog'>> = {
  http: 'sources.howToHttp',
  syslog: 'sources.howToSyslog',
}

/** Where the source sends to, where its token is, and what to paste on its side. */
export function Instructions({ source }: { source: SourceStatus }) {
  const { t } = useTexts()
  const snippet = snippetFor(source)
  const http = source.transport === 'http'
  if (source.addresses.length === 0) return <p className={classes.quiet}>{t('sources.noAddress')}</p>
  return (
    <>
      <p className={classes.quiet}>{t(leads[source.transport] ?? 'sources.howToOther')}</p>
      <ul>
        {source.addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
          </li>
        ))}
      </ul>
      {http && (
        <p className={classes.quiet}>
          {t('sources.tokenPlace')} <code>{tokenFile(source.id)}</code>
        </p>
      )}
      {snippet && <CodeBlock title={t(http ? 'sources.snippetHttp' : 'sources.snippetSyslog')} text={snippet} />}
    </>
  )
}
