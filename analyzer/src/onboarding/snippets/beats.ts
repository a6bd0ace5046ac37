/** Filebeat and Winlogbeat, over HTTP as to Elasticsearch or as to Logstash: both remember in files of their own how far the collector has taken theirs. */
import { tokenPlaceholder } from '@vonggac/contract'
import { authorityFile, opened, urlOf, type Receiver } from './receiver.ts'

type Output = (to: Receiver, files: TrustFiles) => string

/** As they are written into YAML between quotation marks. */
interface TrustFiles {
  readonly authority: string
  readonly certificate: string | undefined
  readonly key: string | undefined
}

export const windowsFolder = 'C:\\ProgramData\\vonggac'

function onLinux({ own }: Receiver): TrustFiles {
  return { authority: authorityFile, certificate: own?.certificate, key: own?.key }
}

function onWindows({ own }: Receiver): TrustFiles {
  const moved = (path: string) => `${windowsFolder}\\${path.split('/').at(-1)!}`.replaceAll('\\', '\\\\')
  return { authority: moved(authorityFile), certificate: own && moved(own.certificate), key: own && moved(own.key) }
}

export const asElasticsearch: Output = (to, { authority }) => `
# The collector answers as Elasticsearch does; it needs no templates, life cycles or dashboards.
setup.template.enabled: false
setup.ilm.enabled: false
output.elasticsearch:
  hosts: ["${urlOf(to)}"]
  headers:
    authorization: "Bearer ${tokenPlaceholder}"${to.http.tls ? `\n  ssl.certificate_authorities: ["${authority}"]` : ''}
`

/** Throws `invalid-request` where the collector does not listen. */
export const asLogstash: Output = ({ host, lumberjack }, { authority, certificate, key }) => {
  const { port, tls } = opened(lumberjack, 'Beats', 'collector.lumberjack.tlsPort')
  const own = certificate === undefined ? '' : `\n  ssl.certificate: "${certificate}"\n  ssl.key: "${key}"`
  return `
output.logstash:
  hosts: ["${host}:${port}"]${tls ? `\n  ssl.enabled: true\n  ssl.certificate_authorities: ["${authority}"]${own}` : ''}
`
}

export const filebeat = (output: Output) => (to: Receiver) =>
  `# /etc/filebeat/filebeat.yml; files are read on from where the collector has taken them.
filebeat.inputs:
  - type: filestream
    id: vonggac
    paths: [/var/log/nginx/access.log]
${output(to, onLinux(to))}`

export const winlogbeat = (output: Output) => (to: Receiver) =>
  `# C:\\Program Files\\Winlogbeat\\winlogbeat.yml; the event log is read on from where the collector has taken it.
winlogbeat.event_logs:
  - name: Security
  - name: System
  - name: Microsoft-Windows-Sysmon/Operational
  - name: Microsoft-Windows-PowerShell/Operational
${output(to, onWindows(to))}`
