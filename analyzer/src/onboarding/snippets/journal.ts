import { say, tokenPlaceholder, VonggacError } from '@vonggac/contract'
import { authorityFile, urlOf, type Receiver } from './receiver.ts'

/**
 * systemd's own uploader. Over TLS it insists on a client certificate; without TLS it shows the token, as the password in the address.
 * Throws `invalid-request` where the source has no certificate yet and needs one.
 */
export function journalUpload(to: Receiver): string {
  const { own, http } = to
  if (http.tls && !own) throw new VonggacError('invalid-request', say('snippet-needs-certificate', { shipper: 'systemd-journal-upload' }))
  const url = new URL(urlOf(to))
  if (!http.tls) Object.assign(url, { username: 'vonggac', password: tokenPlaceholder })
  const files =
    http.tls && own ? `\nServerKeyFile=${own.key}\nServerCertificateFile=${own.certificate}\nTrustedCertificateFile=${authorityFile}` : ''
  return `# /etc/systemd/journal-upload.conf; then: systemctl enable --now systemd-journal-upload
# The user systemd-journal-upload must be able to read the files. What the collector does not take at the moment stays in the journal.
# The service gives up when the connection fails. Let it start again, with: systemctl edit systemd-journal-upload
#   [Unit]
#   StartLimitIntervalSec=0
#   [Service]
#   Restart=always
#   RestartSec=10
[Upload]
URL=${url.href.replace(/\/$/, '')}${files}
`
}
