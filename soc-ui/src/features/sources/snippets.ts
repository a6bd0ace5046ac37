import type { SourceStatus } from '@vonggac/contract'

/**
 * What to paste at the sender. For syslog: an rsyslog action over TCP with octet counting, kept on disk while the collector is away. For HTTP: a first
 * line by curl. undefined for what is sent in other ways.
 */
export function snippetFor({ id, addresses, transport }: Pick<SourceStatus, 'id' | 'addresses' | 'transport'>): string | undefined {
  const urls = addresses.filter((address) => URL.canParse(address)).map((address) => ({ address, url: new URL(address) }))
  if (transport === 'http') {
    const [first] = urls
    if (!first) return undefined
    return [
      `curl -X POST ${first.address} \\`,
      `  -H "authorization: Bearer $(cat ${tokenFile(id)})" \\`,
      "  -H 'content-type: application/x-ndjson' \\",
      String.raw`  --data-binary "{\"@timestamp\":\"$(date -u +%FT%TZ)\",\"message\":\"hello\"}"`,
    ].join('\n')
  }
  const tcp = transport === 'syslog' ? urls.find(({ url }) => url.protocol === 'tcp:') : undefined
  if (!tcp) return undefined
  return [
    'action(',
    '  type="omfwd"',
    `  target="${tcp.url.hostname}"`,
    `  port="${tcp.url.port}"`,
    '  protocol="tcp"',
    '  TCP_Framing="octet-counted"',
    '  template="RSYSLOG_SyslogProtocol23Format"',
    '  queue.type="LinkedList"',
    `  queue.filename="vonggac-${id}"`,
    '  queue.saveOnShutdown="on"',
    '  action.resumeRetryCount="-1"',
    ')',
  ].join('\n')
}

/** Where the collector keeps the token of an HTTP source, below the folder that it was started in when `dataFolder` is not set otherwise. */
export function tokenFile(id: string): string {
  return `data/secrets/source-${id}.token`
}
