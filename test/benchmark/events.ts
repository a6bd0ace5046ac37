import { formatEventId, type EventBatch } from '@vonggac/contract'

type Value = string | number | readonly string[]
/** What a hunter looks for among millions. */
export const rareText = 'sekurlsa::logonpasswords'
const rareEvery = 100_003

type Pick = <T>(items: readonly T[]) => T

/** Flat ECS events as parsers make them, from a seed: half nginx, the rest sshd, Windows processes and Zeek connections; about 1.2 KB each. */
export class EventMill {
  readonly #next: () => number
  readonly #startMs: number
  readonly #perSecond: number
  #position = 0

  /** Receive times begin at `startMs` and go on at `perSecond` events a second. */
  constructor(next: () => number, startMs: number, perSecond: number) {
    this.#next = next
    this.#startMs = startMs
    this.#perSecond = perSecond
  }

  get position(): number {
    return this.#position
  }

  batch(count: number): EventBatch {
    const first = this.#position
    const lines = Array.from({ length: count }, () => `${JSON.stringify(this.#event())}\n`)
    return { collector: 'c1', first, last: first + count - 1, count, bytes: Buffer.from(lines.join('')) }
  }

  #event(): Record<string, Value> {
    const position = this.#position++
    const receivedMs = this.#startMs + Math.floor((position * 1000) / this.#perSecond)
    const time = new Date(receivedMs).toISOString()
    const head = (dataset: string, source: string) => ({
      '@timestamp': time,
      'event.id': formatEventId(receivedMs, 'c1', position),
      'event.created': time,
      'event.dataset': dataset,
      'event.kind': 'event',
      'organization.id': 'congdan',
      'vonggac.source.id': source,
    })
    const kind = this.#next()
    if (kind < 0.5) return { ...head('nginx.access', 'congdan-nginx'), ...this.#web(time) }
    if (kind < 0.65) return { ...head('openssh.auth', 'congdan-sshd'), ...this.#login(time) }
    if (kind < 0.85) return { ...head('windows.sysmon_operational', 'kho-windows'), ...this.#process() }
    return { ...head('zeek.connection', 'bien-zeek'), ...this.#connection() }
  }

  readonly #pick: Pick = (items) => items[Math.floor(this.#next() * items.length)]!
  readonly #number = (below: number): number => Math.floor(this.#next() * below)
  readonly #hex = (length: number): string => Array.from({ length }, () => this.#number(16).toString(16)).join('')
  readonly #inside = (): string => `10.${this.#number(8)}.${this.#number(64)}.${this.#number(250)}`
  /** A few addresses are seen often, most seldom. */
  readonly #outside = (): string =>
    this.#next() < 0.6 ? `203.113.131.${this.#number(250)}` : `${14 + this.#number(160)}.${this.#number(250)}.${this.#number(250)}.7`

  #web(time: string): Record<string, Value> {
    const [ip, host] = [this.#outside(), `web-0${1 + this.#number(4)}`]
    const path = this.#pick(['/', '/dich-vu-cong', '/tra-cuu', '/tai-khoan/ho-so', '/css/cong.css', '/api/v1/ho-so'])
    const query = `ma=HS${this.#number(1e6)}&trang=${this.#number(20)}`
    const [status, size] = [this.#pick([200, 200, 200, 200, 302, 304, 404, 500]), this.#number(90_000)]
    const agent = this.#pick([
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36',
    ])
    const message = `${ip} - - [${time}] "GET ${path}?${query} HTTP/1.1" ${status} ${size} "https://congdan.example.gov.vn/" "${agent}"`
    return {
      'event.category': ['web'],
      'event.type': ['access'],
      'event.outcome': status < 400 ? 'success' : 'failure',
      'vonggac.logsource.category': 'webserver',
      'vonggac.logsource.product': 'nginx',
      'host.name': host,
      'log.syslog.appname': 'nginx',
      'log.syslog.priority': 190,
      'process.pid': 812,
      'source.ip': ip,
      'source.address': ip,
      'http.request.method': 'GET',
      'http.response.status_code': status,
      'http.response.body.bytes': size,
      'http.version': '1.1',
      'http.request.referrer': 'https://congdan.example.gov.vn/',
      'url.original': `${path}?${query}`,
      'url.path': path,
      'url.query': query,
      'user_agent.original': agent,
      'related.ip': [ip],
      message,
      'event.original': `<190>1 ${time} ${host} nginx 812 - - ${message}`,
    }
  }

  #login(time: string): Record<string, Value> {
    const [ip, user, port] = [this.#outside(), this.#pick(['lan', 'minh', 'tuan', 'hoa', 'root', 'admin']), 1024 + this.#number(60_000)]
    const failed = this.#next() < 0.4
    const message = `${failed ? 'Failed password' : 'Accepted publickey'} for ${user} from ${ip} port ${port} ssh2`
    return {
      'event.category': ['authentication'],
      'event.type': ['start'],
      'event.action': 'ssh_login',
      'event.outcome': failed ? 'failure' : 'success',
      'vonggac.logsource.product': 'linux',
      'vonggac.logsource.service': 'sshd',
      'host.name': 'bastion-01',
      'process.pid': this.#number(30_000),
      'source.ip': ip,
      'source.port': port,
      'user.name': user,
      'related.ip': [ip],
      'related.user': [user],
      message,
      'event.original': `<86>1 ${time} bastion-01 sshd ${this.#number(30_000)} - - ${message}`,
    }
  }

  /** Besides, one command line in half a million events has a text that no other has. */
  #process(): Record<string, Value> {
    const image = this.#pick(['svchost.exe', 'powershell.exe', 'cmd.exe', 'chrome.exe', 'msedge.exe', 'conhost.exe', 'explorer.exe'])
    const line = `C:\\Windows\\System32\\${image} ${this.#pick(['-k netsvcs -p -s Schedule', '/c dir', '--type=renderer --lang=vi'])} ${this.#hex(6)}${this.#position % rareEvery === 0 ? ` ${rareText}` : ''}`
    const user = `CONGDAN\\nv${this.#number(300)}`
    return {
      'event.category': ['process'],
      'event.type': ['start'],
      'event.code': '1',
      'vonggac.logsource.product': 'windows',
      'vonggac.logsource.category': 'process_creation',
      'host.name': `PC-${this.#number(400)}`,
      'winlog.channel': 'Microsoft-Windows-Sysmon/Operational',
      'winlog.event_id': 1,
      'winlog.record_id': this.#position,
      'process.executable': `C:\\Windows\\System32\\${image}`,
      'process.name': image,
      'process.command_line': line,
      'process.pid': this.#number(20_000),
      'process.entity_id': `{${this.#hex(8)}-${this.#hex(4)}-${this.#hex(12)}}`,
      'process.hash.sha256': this.#hex(64),
      'process.parent.executable': 'C:\\Windows\\explorer.exe',
      'process.parent.name': 'explorer.exe',
      'process.parent.pid': this.#number(20_000),
      'user.name': user,
      'winlog.event_data.IntegrityLevel': this.#pick(['Medium', 'High', 'System']),
      'winlog.event_data.Company': 'Microsoft Corporation',
      'winlog.event_data.LogonId': `0x${this.#hex(6)}`,
      message: `Process Create: Image: ${image} CommandLine: ${line} User: ${user} Người dùng: Nguyễn Văn An`,
    }
  }

  #connection(): Record<string, Value> {
    const [from, to] = [this.#inside(), this.#outside()]
    return {
      'event.category': ['network'],
      'event.type': ['connection', 'end'],
      'event.duration': this.#number(9e9),
      'vonggac.logsource.product': 'zeek',
      'vonggac.logsource.service': 'conn',
      'observer.name': 'zeek-bien',
      'source.ip': from,
      'source.port': 1024 + this.#number(60_000),
      'source.bytes': this.#number(9_000),
      'destination.ip': to,
      'destination.port': this.#pick([80, 443, 443, 443, 53, 22]),
      'destination.bytes': this.#number(900_000),
      'network.transport': this.#pick(['tcp', 'udp']),
      'network.direction': 'outbound',
      'related.ip': [from, to],
      'zeek.session_id': `C${this.#hex(16)}`,
      'zeek.connection.state': this.#pick(['SF', 'S0', 'REJ']),
      'zeek.connection.history': 'ShADadFf',
      'zeek.connection.missed_bytes': 0,
    }
  }
}
