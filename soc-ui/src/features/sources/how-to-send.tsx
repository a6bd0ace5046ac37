import type { SourceStatus } from '@vonggac/contract'
import { CodeBlock } from '../../components/code-block.tsx'
import { Panel } from '../../components/panel.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { snippetFor } from './snippets.ts'
import classes from './source-page.module.css'

/** Where the source sends to, and what to paste on its side. */
export function HowToSend({ source }: { source: SourceStatus }) {
  const { t } = useTexts()
  const snippet = snippetFor(source)
  const http = source.transport === 'http'
  return (
    <Panel title={t('sources.howTo')}>
      {source.addresses.length === 0 ? (
        <p className={classes.quiet}>{t('sources.noAddress')}</p>
      ) : (
        <>
          <p className={classes.quiet}>{t(http ? 'sources.howToHttp' : 'sources.howToSyslog')}</p>
          <ul>
            {source.addresses.map((address) => (
              <li key={address}>
                <code>{address}</code>
              </li>
            ))}
          </ul>
          {snippet && <CodeBlock title={t(http ? 'sources.snippetHttp' : 'sources.snippetSyslog')} text={snippet} />}
        </>
      )}
    </Panel>
  )
}
