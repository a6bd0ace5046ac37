/** Syslog over TCP or RELP, with TLS where the collector listens so: each keeps on its disk what the collector does not take at the moment. */
import { say, VonggacError } from '@vonggac/contract'
import { fluentBitFiles, fluentBitQueue, rsyslogFiles, rsyslogQueue, vectorFiles, vectorQueue } from './files.ts'
import { authorityFile, opened, type Receiver } from './receiver.ts'

export function rsyslog({ host, own, syslog: { port, tls } }: Receiver): string {
  const secure = tls
    ? `
       StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="${host}"
       StreamDriver.CAFile="${authorityFile}"${own ? `\n       StreamDriver.CertFile="${own.certificate}" StreamDriver.KeyFile="${own.key}"` : ''}`
    : ''
  return `# /etc/rsyslog.d/60-vonggac.conf; with TLS: apt-get install rsyslog-gnutls
${rsyslogFiles}

# What the collector does not take at the moment waits on the disk, also while this machine restarts.
action(type="omfwd" name="vonggac"
       target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted"
       template="RSYSLOG_SyslogProtocol23Format"${secure}
${rsyslogQueue})
`
}

/**
 * Over TLS librelp, which rsyslog sends RELP with, tries no certificates at all unless it has one of its own.
 * Throws `invalid-request` where the collector does not listen, or the source has no certificate yet and needs one.
 */
export function rsyslogRelp({ host, own, relp }: Receiver): string {
  const { port, tls } = opened(relp, 'RELP', 'collector.relp.tlsPort')
  if (tls && !own) throw new VonggacError('invalid-request', say('snippet-needs-certificate', { shipper: 'rsyslog' }))
  const secure =
    tls && own
      ? `
       tls="on" tls.authMode="name" tls.permittedPeer=["${host}"] tls.caCert="${authorityFile}"
       tls.myCert="${own.certificate}" tls.myPrivKey="${own.key}"`
      : ''
  return `# /etc/rsyslog.d/60-vonggac.conf; apt-get install rsyslog-relp
${rsyslogFiles}

# The collector answers each line when it is on its disk. What it does not take at the moment waits on the disk, also while this machine restarts.
module(load="omrelp")
action(type="omrelp" name="vonggac"
       target="${host}" port="${port}" template="RSYSLOG_SyslogProtocol23Format"${secure}
${rsyslogQueue})
`
}

export function syslogNg({ host, own, syslog: { port, tls } }: Receiver): string {
  const transport = tls
    ? `transport("tls")
    tls(ca-file("${authorityFile}")${own ? ` cert-file("${own.certificate}") key-file("${own.key}")` : ''} peer-verify(required-trusted))`
    : 'transport("tcp")'
  return `# /etc/syslog-ng/conf.d/vonggac.conf; "s_src" is the source that your syslog-ng.conf declares (s_sys in some distributions).
destination d_vonggac {
  syslog("${host}" port(${port})
    ${transport}
    # What the collector does not take at the moment waits on the disk, also while this machine restarts.
    disk-buffer(reliable(yes) disk-buf-size(2147483648) dir("/var/lib/syslog-ng"))
  );
};
log { source(s_src); destination(d_vonggac); };
`
}

export function vectorSyslog({ host, own, syslog: { port, tls } }: Receiver): string {
  const secure = tls
    ? `
    tls:
      enabled: true
      ca_file: ${authorityFile}${own ? `\n      crt_file: ${own.certificate}\n      key_file: ${own.key}` : ''}`
    : ''
  return `# /etc/vector/vonggac.yaml; lines go as they are, so the source is known by its certificate or by this machine's address.
${vectorFiles}
sinks:
  vonggac:
    type: socket
    inputs: [vonggac_files]
    mode: tcp
    address: "${host}:${port}"
    encoding:
      codec: text
    framing:
      method: newline_delimited${secure}
${vectorQueue}
`
}

export function fluentBitSyslog({ host, own, syslog: { port, tls } }: Receiver): string {
  const secure = tls
    ? `
      tls: on
      tls.verify: on
      tls.ca_file: ${authorityFile}${own ? `\n      tls.crt_file: ${own.certificate}\n      tls.key_file: ${own.key}` : ''}`
    : ''
  return `${fluentBitFiles}
  filters:
    - name: modify
      match: nginx
      add: app nginx
  outputs:
    - name: syslog
      match: nginx
      host: ${host}
      port: ${port}
      mode: ${tls ? 'tls' : 'tcp'}
      syslog_format: rfc5424
      syslog_message_key: log
      syslog_appname_key: app
${fluentBitQueue}${secure}
`
}

export function opentelemetrySyslog({ host, own, syslog: { port, tls } }: Receiver): string {
  const certified = own ? `\n      cert_file: ${own.certificate}\n      key_file: ${own.key}` : ''
  return `# /etc/otelcol-contrib/config.yaml
receivers:
  filelog:
    include: [/var/log/nginx/access.log]
    # Also of a file that comes while this one is away; what has been read is in the storage.
    start_at: beginning
    storage: file_storage
    operators:
      - { type: move, from: body, to: attributes.message }
      - { type: add, field: attributes.appname, value: nginx }
      - { type: add, field: attributes.hostname, value: 'EXPR(env("HOSTNAME"))' }
exporters:
  syslog:
    endpoint: ${host}
    port: ${port}
    network: tcp
    protocol: rfc5424
    enable_octet_counting: true
    tls:
${tls ? `      ca_file: ${authorityFile}${certified}` : '      insecure: true'}
    # What the collector does not take at the moment waits on the disk.
    retry_on_failure: { enabled: true, max_elapsed_time: 0s }
    sending_queue: { enabled: true, storage: file_storage, queue_size: 100000 }
extensions:
  file_storage:
    directory: /var/lib/otelcol
service:
  extensions: [file_storage]
  pipelines:
    logs: { receivers: [filelog], exporters: [syslog] }
`
}

export function logstashSyslog({ host, own, syslog: { port, tls } }: Receiver): string {
  const certified = own ? `\n    ssl_cert => "${own.certificate}"\n    ssl_key => "${own.key}"` : ''
  const protocol = tls ? `"ssl-tcp"\n    ssl_cacert => "${authorityFile}"\n    ssl_verify => true${certified}` : '"tcp"'
  return `# /etc/logstash/conf.d/vonggac.conf
# In /etc/logstash/logstash.yml, so that nothing is lost while the collector is away: queue.type: persisted
input {
  file { path => "/var/log/nginx/access.log" start_position => "beginning" }
}
output {
  syslog {
    host => "${host}"
    port => ${port}
    protocol => ${protocol}
    rfc => "rfc5424"
    appname => "nginx"
    message => "%{message}"
  }
}
`
}
