import { Alert, Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { fields, type RegisteredSource } from '@vonggac/contract'
import { Crosshair, Pause } from 'lucide-react'
import { useState } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { conditionOf } from '../../lib/kql-text.ts'
import { useMay } from '../../lib/session.ts'
import { Certificates } from './certificates.tsx'
import { LiveCheck } from './live-check.tsx'
import { ShipperText } from './shipper-text.tsx'
import { SourceFrame } from './source-frame.tsx'
import { Tokens } from './tokens.tsx'
import { usesCertificate, usesToken } from './ways.ts'
import classes from './connect-page.module.css'

const route = getRouteApi('/console/sources/$id/connect')

/** From a registered source to its first events: what proves the sender, what to paste there, and what has arrived. */
export function ConnectPage() {
  const { t } = useTexts()
  const { id } = route.useParams()
  return (
    <SourceFrame
      id={id}
      title={(source) => t('connect.title', { source })}
      lead={t('connect.lead')}
      actions={
        <Button
          variant="default"
          leftSection={<Crosshair size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/hunting" search={{ q: conditionOf(fields.source, id, true), last: '24h' }} {...props} />}
          data-testid="hunt-source"
        >
          {t('connect.hunt')}
        </Button>
      }
    >
      {(source) => <Connection source={source} />}
    </SourceFrame>
  )
}

function Connection({ source }: { source: RegisteredSource }) {
  const may = useMay('manager')
  const [token, setToken] = useState<string>()
  const { transport } = source.config
  return (
    <>
      {source.paused && <PausedNote source={source} />}
      <div className={classes.columns}>
        <div className={classes.column}>
          {may && usesToken(transport) && <Tokens source={source} token={token} onToken={setToken} />}
          <ShipperText source={source} token={token} />
          {may && usesCertificate(transport) && <Certificates source={source} />}
        </div>
        <div className={classes.column}>
          <LiveCheck source={source} />
        </div>
      </div>
    </>
  )
}

function PausedNote({ source: { id, pauseReason } }: { source: RegisteredSource }) {
  const { t } = useTexts()
  return (
    <Alert color="amber" icon={<Pause size={16} aria-hidden />} title={t('connect.paused')}>
      {pauseReason && <p className={classes.text}>{t('connect.pausedWhy', { reason: pauseReason })}</p>}
      <Link to="/sources/$id/settings" params={{ id }}>
        {t('connect.toSettings')}
      </Link>
    </Alert>
  )
}
