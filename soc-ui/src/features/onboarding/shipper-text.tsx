import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { shippersOf, tokenPlaceholder, type RegisteredSource, type Shipper } from '@vonggac/contract'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { CodeBlock } from '../../components/code-block.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { saveFile } from '../../lib/save-file.ts'
import classes from './shipper-text.module.css'

/** What to put into the sender's configuration. A token that was issued just now already stands in it. */
export function ShipperText({ source, token }: { source: RegisteredSource; token: string | undefined }) {
  const { t } = useTexts()
  const { transport } = source.config
  const shippers = shippersOf[transport] ?? []
  const [chosen, setChosen] = useState<Shipper>()
  const shipper = chosen ?? shippers[0]
  return (
    <Panel title={t('connect.snippet')} lead={t(shipper ? 'connect.snippetLead' : 'connect.noSnippet')} testId="shipper-text">
      {shipper && (
        <>
          <Select
            label={t('connect.shipper')}
            size="sm"
            maw="18rem"
            mb="sm"
            data={shippers.map((value) => ({ value, label: t(`connect.shipperName.${value}`) }))}
            value={shipper}
            onChange={(value) => setChosen(value as Shipper)}
            allowDeselect={false}
            data-testid="shipper"
          />
          <Snippet source={source.id} shipper={shipper} token={token} />
        </>
      )}
      <Addresses source={source} />
    </Panel>
  )
}

function Snippet({ source, shipper, token }: { source: string; shipper: Shipper; token: string | undefined }) {
  const { t } = useTexts()
  const query = useQuery({ ...ask('readSnippet', { params: { id: source, shipper } }), retry: false })
  const filled = (text: string) => (token === undefined ? text : text.replaceAll(tokenPlaceholder, token))
  return (
    <Answered query={query} rows={6}>
      {({ others, ...first }) => (
        <>
          {[first, ...others].map(({ file, text }, index) => (
            <div key={file} className={classes.file}>
              <CodeBlock title={t('connect.putInto', { file })} text={filled(text)} {...(index === 0 && { testId: 'snippet' })} />
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<Download size={13} aria-hidden />}
                onClick={() => saveFile({ fileName: nameOf(file), blob: new Blob([filled(text)], { type: 'text/plain' }) })}
              >
                {t('connect.download', { file: nameOf(file) })}
              </Button>
            </div>
          ))}
        </>
      )}
    </Answered>
  )
}

/** The last part of a path, of Windows too. */
function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file
}

/** For devices that are configured by hand. */
function Addresses({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const { data } = useQuery(ask('listSources', {}))
  if (!data) return null
  const addresses = data.items.find(({ id }) => id === source.id)?.addresses ?? []
  if (addresses.length === 0) return <p className={classes.quiet}>{t('connect.noAddress')}</p>
  return (
    <>
      <h3 className={classes.heading}>{t('connect.addresses')}</h3>
      <ul className={classes.addresses}>
        {addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
          </li>
        ))}
      </ul>
      {source.config.transport === 'syslog' && <p className={classes.quiet}>{t('connect.device')}</p>}
    </>
  )
}
