import { say, shippersOf, VonggacError, type Shipper, type Snippet, type Transport } from '@vonggac/contract'
import { asElasticsearch, asLogstash, filebeat, windowsFolder, winlogbeat } from './beats.ts'
import * as gelf from './gelf.ts'
import * as http from './http.ts'
import { journalUpload } from './journal.ts'
import { authorityFile, type Receiver } from './receiver.ts'
import * as syslog from './syslog.ts'

type Doors = Omit<Receiver, 'host' | 'authority' | 'own'>

interface Writer {
  readonly file: string
  readonly write: (to: Receiver) => string
  /** Where it sends to, if not where its transport says. */
  readonly door?: keyof Doors
}

const rsyslogFile = '/etc/rsyslog.d/60-vonggac.conf'
const syslogNgFile = '/etc/syslog-ng/conf.d/vonggac.conf'
const vectorFile = '/etc/vector/vonggac.yaml'
const fluentBitFile = '/etc/fluent-bit/vonggac.yaml'
const opentelemetryFile = '/etc/otelcol-contrib/config.yaml'
const logstashFile = '/etc/logstash/conf.d/vonggac.conf'
const filebeatFile = '/etc/filebeat/filebeat.yml'
const winlogbeatFile = 'C:\\Program Files\\Winlogbeat\\winlogbeat.yml'

const writers: Readonly<Partial<Record<Transport, Partial<Record<Shipper, Writer>>>>> = {
  syslog: {
    rsyslog: { file: rsyslogFile, write: syslog.rsyslog },
    'rsyslog-relp': { file: rsyslogFile, write: syslog.rsyslogRelp, door: 'relp' },
    'syslog-ng': { file: syslogNgFile, write: syslog.syslogNg },
    vector: { file: vectorFile, write: syslog.vectorSyslog },
    'fluent-bit': { file: fluentBitFile, write: syslog.fluentBitSyslog },
    opentelemetry: { file: opentelemetryFile, write: syslog.opentelemetrySyslog },
    logstash: { file: logstashFile, write: syslog.logstashSyslog },
  },
  http: {
    filebeat: { file: filebeatFile, write: filebeat(asElasticsearch) },
    winlogbeat: { file: winlogbeatFile, write: winlogbeat(asElasticsearch) },
    vector: { file: vectorFile, write: http.vectorHttp },
    'fluent-bit': { file: fluentBitFile, write: http.fluentBitHttp },
    opentelemetry: { file: opentelemetryFile, write: http.opentelemetryHttp },
    logstash: { file: logstashFile, write: http.logstashHttp },
    rsyslog: { file: rsyslogFile, write: http.rsyslogHttp },
    'syslog-ng': { file: syslogNgFile, write: http.syslogNgHttp },
    curl: { file: 'send.sh', write: http.curl },
  },
  lumberjack: {
    filebeat: { file: filebeatFile, write: filebeat(asLogstash) },
    winlogbeat: { file: winlogbeatFile, write: winlogbeat(asLogstash) },
  },
  gelf: {
    docker: { file: '/etc/docker/daemon.json', write: gelf.docker, door: 'gelfPlain' },
    python: { file: 'vonggac_logging.py', write: gelf.python },
    'syslog-ng': { file: syslogNgFile, write: gelf.syslogNgGelf },
  },
  journald: {
    'systemd-journal-upload': { file: '/etc/systemd/journal-upload.conf', write: journalUpload },
  },
}

const doorOf: Readonly<Partial<Record<Transport, keyof Doors>>> = { syslog: 'syslog', lumberjack: 'lumberjack', gelf: 'gelf' }

/** What a shipper's administrator puts into place. Throws `invalid-request` for one that cannot send to such a source. */
export function snippetFor(to: Receiver, transport: Transport, shipper: Shipper): Snippet {
  const writer = writers[transport]?.[shipper]
  if (!writer) {
    const others = shippersOf[transport] ?? []
    throw new VonggacError('invalid-request', say('snippet-unknown', { shipper, transport, others: others.join(', ') || '–' }))
  }
  const door = to[writer.door ?? doorOf[transport] ?? 'http']
  const trusted = { file: shipper === 'winlogbeat' ? `${windowsFolder}\\vonggac-ca.crt` : authorityFile, text: to.authority }
  return { file: writer.file, text: writer.write(to), others: door?.tls ? [trusted] : [] }
}
