import { Button } from '@mantine/core'
import type { RegisteredSource } from '@vonggac/contract'
import { BadgeCheck, Ban, Download, FileBadge } from 'lucide-react'
import { useState } from 'react'
import { Panel } from '../../components/panel.tsx'
import { Status } from '../../components/status.tsx'
import { When } from '../../components/when.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { saveFile } from '../../lib/save-file.ts'
import { IssuedList } from './issued-list.tsx'
import { Once } from './once.tsx'
import classes from './credentials.module.css'

type Pems = Pick<Reply<'issueCertificate'>, 'certificate' | 'key' | 'authority'>

/** By which a sender over TLS proves that it is the source. */
export function Certificates({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const issue = useChange('issueCertificate')
  const [pems, setPems] = useState<Pems>()
  return (
    <Panel
      title={t('connect.certificates')}
      lead={t('connect.secretsCertificate')}
      testId="certificates"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<FileBadge size={14} aria-hidden />}
          loading={issue.isPending}
          onClick={() => issue.mutate({ params: { id: source.id } }, { onSuccess: setPems })}
          data-testid="issue-certificate"
        >
          {t('connect.issueCertificate')}
        </Button>
      }
    >
      {pems && (
        <Once text={t('connect.onceCertificate')} onKept={() => setPems(undefined)}>
          <PemFiles id={source.id} pems={pems} />
        </Once>
      )}
      {source.certificates.length === 0 ? <p className={classes.quiet}>{t('connect.noCertificates')}</p> : <Issued source={source} />}
    </Panel>
  )
}

function PemFiles({ id, pems }: { id: string; pems: Pems }) {
  const { t } = useTexts()
  const files = [
    { fileName: `${id}.crt`, text: pems.certificate, about: t('connect.certificateFile') },
    { fileName: `${id}.key`, text: pems.key, about: t('connect.keyFile') },
    { fileName: 'vonggac-ca.crt', text: pems.authority, about: t('connect.authorityFile') },
  ]
  return (
    <ul className={classes.files}>
      {files.map(({ fileName, text, about }) => (
        <li key={fileName}>
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() => saveFile({ fileName, blob: new Blob([text], { type: 'application/x-pem-file' }) })}
          >
            {t('connect.download', { file: fileName })}
          </Button>
          <span>{about}</span>
        </li>
      ))}
    </ul>
  )
}

function Issued({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const userName = useUserName()
  const revoke = useChange('revokeCertificate')
  return (
    <IssuedList
      name="certificate"
      label={t('connect.certificates')}
      items={source.certificates.map(({ serial, issuedAt, issuedBy, notAfter, revokedAt }) => ({
        id: serial,
        usable: revokedAt === undefined,
        about: (
          <>
            <code>{serial}</code>
            <span className={classes.quiet}>
              <When at={issuedAt} /> · {userName(issuedBy)} · {t('connect.notAfter')}: <When at={notAfter} />
            </span>
            {revokedAt ? (
              <Status icon={Ban} tone="danger">
                {t('connect.revoked')}: <When at={revokedAt} />
              </Status>
            ) : (
              <Status icon={BadgeCheck} tone="good">
                {t('connect.valid')}
              </Status>
            )}
          </>
        ),
      }))}
      title={t('connect.revokeCertificate')}
      lead={(serial) => t('connect.revokeCertificateLead', { serial })}
      revoked={t('connect.revokedCertificate')}
      busy={revoke.isPending}
      onRevoke={(serial, done) => revoke.mutate({ params: { id: source.id }, body: { serial } }, { onSuccess: done })}
    />
  )
}
