/** GELF, for those who write it today: of these, syslog-ng alone keeps on its disk what the collector does not take at the moment. */
import { authorityFile, opened, urlHost, type Receiver } from './receiver.ts'

const setting = 'collector.gelf.tlsPort'

/** Docker's log driver knows no TLS. Throws `invalid-request` where the collector does not listen without it. */
export function docker(to: Receiver): string {
  const { protocol, port } = opened(to.gelfPlain, 'GELF (TCP, UDP)', 'collector.gelf.tcpPort')
  const options = {
    'gelf-address': `${protocol}://${urlHost(to)}:${port}`,
    // While the collector is away: containers go on, and what they say waits in memory.
    ...(protocol === 'tcp' && { 'gelf-tcp-max-reconnect': '3600', 'gelf-tcp-reconnect-delay': '1' }),
    mode: 'non-blocking',
    'max-buffer-size': '64m',
  }
  return `${JSON.stringify({ 'log-driver': 'gelf', 'log-opts': options }, undefined, 2)}\n`
}

/** Throws `invalid-request` where the collector does not listen. */
export function python({ host, own, gelf }: Receiver): string {
  const { port, tls } = opened(gelf, 'GELF', setting)
  const handler = tls ? 'GelfTlsHandler' : 'GelfTcpHandler'
  const certified = own ? `\n        certfile="${own.certificate}",\n        keyfile="${own.key}",` : ''
  const secure = tls ? `\n        validate=True,\n        ca_certs="${authorityFile}",${certified}` : ''
  return `# vonggac_logging.py, beside the program; pip install pygelf. Where the program starts: import vonggac_logging
# What is logged while the collector is away is lost. What must not be lost goes into a file, which a shipper reads.
import logging

from pygelf import ${handler}

logging.getLogger().addHandler(
    ${handler}(
        host="${host}",
        port=${port},${secure}
        include_extra_fields=True,
    )
)
`
}

/** Throws `invalid-request` where the collector does not listen. */
export function syslogNgGelf({ host, own, gelf }: Receiver): string {
  const { port, tls } = opened(gelf, 'GELF', setting)
  const certified = own ? ` cert-file("${own.certificate}") key-file("${own.key}")` : ''
  const secure = tls ? `transport(tls)\n    tls(ca-file("${authorityFile}")${certified} peer-verify(required-trusted))` : 'transport(tcp)'
  return `# /etc/syslog-ng/conf.d/vonggac.conf; "s_src" is the source that your syslog-ng.conf declares (s_sys in some distributions).
# graylog2() comes with the library of drivers: @include "scl.conf" in syslog-ng.conf.
destination d_vonggac {
  graylog2(host("${host}") port(${port})
    ${secure}
    # What the collector does not take at the moment waits on the disk, also while this machine restarts.
    disk-buffer(reliable(yes) disk-buf-size(2147483648) dir("/var/lib/syslog-ng"))
  );
};
log { source(s_src); destination(d_vonggac); };
`
}
