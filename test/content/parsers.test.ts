/** Rules in Sigma's own names find what the shipped parsers make of their samples, and rules for another product find nothing. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FlatEvent, logSourceFields } from '@vonggac/contract'
import { createMatcher, loadRules, parsePipeline, type LogSource, type Pipeline } from '@vonggac/sigma'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pipelines = ['ecs-web', 'ecs-windows', 'ecs-linux', 'ecs-network', 'ecs-network-products', 'ecs-kubernetes'].map((name) => {
  return parsePipeline(readFileSync(join(root, 'rules/sigma/pipelines', `${name}.yml`), 'utf8')).pipeline as Pipeline
})

/** Expected events of a parser, log source and selection of a rule, how many of the events it finds. */
const found: readonly [string, LogSource, object, number][] = [
  ['fortigate/fortios', { product: 'fortigate', service: 'event' }, { action: 'Add', cfgpath: 'system.admin' }, 1],
  ['fortigate/fortios', { category: 'firewall' }, { action: 'deny', dst_port: 3389 }, 1],
  ['fortigate/fortios', { category: 'proxy' }, { 'cs-host': 'ca-cuoc.example.net' }, 1],
  ['cisco-asa/asa', { category: 'firewall' }, { src_ip: '198.51.100.23', dst_port: 23 }, 1],
  ['cisco-ios/ios', { product: 'cisco', service: 'aaa' }, { message: '*no logging*' }, 1],
  ['palo-alto/panos', { category: 'proxy' }, { 'c-uri|contains': 'ca-cuoc' }, 1],
  ['palo-alto/panos', { category: 'firewall' }, { dst_port: 53 }, 1],
  ['checkpoint/log-exporter', { category: 'firewall' }, { action: 'drop', dst_port: 3389 }, 1],
  ['sophos/sfos', { category: 'proxy' }, { 'cs-host': 'ca-cuoc.example.net' }, 1],
  ['pfsense/filterlog', { category: 'firewall' }, { action: 'block', dst_port: 22 }, 2],
  ['iptables/kernel', { category: 'firewall' }, { action: 'drop', dst_port: 3306 }, 1],
  ['suricata/eve', { category: 'dns' }, { query: 'cong.example.vn' }, 2],
  ['suricata/eve', { category: 'proxy' }, { 'c-uri|endswith': '.exe' }, 1],
  ['zeek/zeek', { product: 'zeek', service: 'smb_files' }, { 'path|endswith': 'ADMIN$', 'name|endswith': '.exe' }, 1],
  ['zeek/zeek', { product: 'zeek', service: 'http' }, { 'resp_mime_types|contains': 'dosexec', 'uri|contains': '.exe' }, 1],
  ['zeek/zeek', { category: 'dns' }, { record_type: 'AAAA' }, 1],
  ['squid/access', { category: 'proxy' }, { 'cs-username': 'nguyen.van.a' }, 2],
  ['haproxy/haproxy', { category: 'webserver' }, { 'sc-status': 403 }, 1],
  ['windows/winlogbeat', { product: 'windows', service: 'security' }, { EventID: 4625, TargetUserName: 'administrator' }, 1],
  ['windows/winlogbeat', { product: 'windows', service: 'system' }, { EventID: 7045, ServiceName: 'PSEXESVC' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'process_creation' }, { 'CommandLine|contains': ' -enc ' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'process_creation' }, { 'Image|endswith': '\\whoami.exe' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'process_creation' }, { User: 'EXAMPLE\\nguyen.van.a' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'image_load' }, { 'ImageLoaded|endswith': '\\version.dll', Signed: 'false' }, 1],
  [
    'windows/winlogbeat',
    { product: 'windows', category: 'process_access' },
    { 'TargetImage|endswith': '\\lsass.exe', GrantedAccess: '0x1010' },
    1,
  ],
  ['windows/winlogbeat', { product: 'windows', category: 'registry_set' }, { 'TargetObject|contains': '\\CurrentVersion\\Run\\' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'network_connection' }, { Initiated: 'true', DestinationPort: 443 }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'dns_query' }, { QueryName: 'dieu-khien.example.net' }, 1],
  ['windows/winlogbeat', { product: 'windows', category: 'ps_script' }, { 'ScriptBlockText|contains': 'DownloadString' }, 1],
  ['windows/event-xml', { product: 'windows', category: 'process_creation' }, { Hashes: 'MD5=F17616EC0522FC5633151F7CAA278CAA' }, 1],
  ['windows/event-xml', { product: 'windows', service: 'security' }, { EventID: 1102 }, 1],
  ['windows/nxlog', { product: 'windows', service: 'security' }, { EventID: 4625, IpAddress: '2001:db8::23' }, 1],
  ['windows/evtx-dump', { product: 'windows', service: 'wmi' }, { EventID: 5858, 'Operation|contains': 'ClearEventlog' }, 1],
  ['windows/evtx-dump', { product: 'windows', category: 'process_creation' }, { 'CommandLine|contains': '-urlcache' }, 1],
  ['windows/snare', { product: 'windows', service: 'security' }, { EventID: 4625, TargetUserName: 'sa', LogonType: 3 }, 1],
  ['auditd/audit', { product: 'linux', service: 'auditd' }, { type: 'EXECVE', 'a2|contains': '/dev/tcp/' }, 1],
  ['auditd/audit', { product: 'linux', service: 'auditd' }, { type: 'SYSCALL', comm: 'insmod', key: 'modules' }, 1],
  ['auditd/audit', { product: 'linux', service: 'auditd' }, { type: 'PATH', name: '/etc/shadow' }, 1],
  ['auditd/audit', { product: 'linux', service: 'auditd' }, { type: 'SERVICE_STOP', unit: 'auditd' }, 1],
  ['auditd/audit', { product: 'linux', service: 'auditd' }, { SYSCALL: 'connect', auid: 1000 }, 1],
  [
    'auditd/followed',
    { product: 'linux', service: 'auditd' },
    { SYSCALL: 'execve', auid: 1000, 'a2|contains': 'nc 203.0.113.80', cwd: '/root' },
    1,
  ],
  ['auditd/followed', { product: 'linux', service: 'auditd' }, { type: 'PATH', name: '/lib64/ld-linux-x86-64.so.2' }, 1],
  ['auditd/followed', { product: 'linux', service: 'auditd' }, { type: 'PATH', nametype: 'DELETE', 'name|endswith': '/auth.log' }, 1],
  ['linux/auth', { product: 'linux', service: 'sudo' }, { USER: 'root', 'COMMAND|contains': '/etc/shadow' }, 2],
  ['apache/access', { category: 'webserver' }, { 'cs-uri-query|contains': '<script>', 'sc-status': 404 }, 3],
  ['apache/error', { service: 'apache' }, { 'message|contains': 'exit signal Segmentation Fault' }, 1],
  ['iis/w3c', { category: 'webserver' }, { 'cs-uri-query|contains': '/powershell/', 'cs-method': 'POST' }, 1],
  ['iis/w3c', { category: 'webserver' }, { 'cs-uri-stem|endswith': '.aspx', 'c-ip': '2001:db8::23' }, 1],
  ['iis/followed', { category: 'webserver' }, { 'cs-uri-query|contains': 'cmd=', 'c-ip': '198.51.100.23' }, 1],
  ['zeek/columns', { category: 'dns' }, { 'query|endswith': '.example.vn', record_type: 'A' }, 2],
  ['kubernetes-audit/audit', { product: 'kubernetes', service: 'audit' }, { verb: 'create', resource: 'pods', subresource: 'exec' }, 1],
  ['kubernetes-audit/audit', { product: 'kubernetes', category: 'application' }, { 'objectRef.resource': 'clusterrolebindings' }, 1],
  ['bind/named', { category: 'dns' }, { query: 'dieu-khien.example.net', record_type: 'A' }, 1],
  ['dnsmasq/dnsmasq', { category: 'dns' }, { query: 'www.example.com', answer: '203.0.113.80' }, 1],
  ['wso2/carbon', { category: 'webserver' }, { 'sc-status': 401, 'cs-uri-stem|startswith': '/api/' }, 1],
  ['ckan/ckan', { category: 'webserver' }, { 'cs-uri-stem': '/api/3/action/user_list', 'sc-status': 403 }, 1],
  ['geoserver/geoserver', { category: 'webserver' }, { 'cs-uri-query|contains': 'exec(java.lang.Runtime' }, 1],
  ['modsecurity/audit', { category: 'webserver' }, { 'cs-user-agent|contains': 'sqlmap' }, 1],
]

describe('a rule in the names of Sigma', () => {
  it.each(found)('in %s, of %j: %j', (file, logSource, selection, count) => {
    const matching = eventsOf(file).filter((event) => matcherOf(logSource, selection).match(event).length > 0)
    expect(matching).toHaveLength(count)
  })
})

describe('the events of each parser', () => {
  // ecs-json and otlp leave the log source to the sender.
  const open = ['ecs-json', 'otlp']
  const files = readdirSync(join(root, 'collector/parsers'))
    .filter((parser) => !open.includes(parser))
    .flatMap((parser) =>
      readdirSync(join(root, 'collector/parsers', parser, 'expected')).map((file) => `${parser}/${file.slice(0, -'.ndjson'.length)}`),
    )
  const others = [{ product: 'another' }, { category: 'another' }].map((logSource) =>
    matcherOf(logSource, { 'event.original|contains': '' }),
  )

  it('would be found, if they named no log source', () => {
    expect(others.map((matcher) => matcher.match({ 'event.original': 'x' }).length)).toEqual([1, 1])
  })

  it.each(files)('%s are none of a rule for another product or category', (file) => {
    const seen = eventsOf(file).filter(
      (event) => event['event.kind'] !== 'pipeline_error' && others.some((matcher) => matcher.match(event).length > 0),
    )
    expect(seen).toEqual([])
  })
})

function matcherOf(logsource: LogSource, selection: object): ReturnType<typeof createMatcher> {
  const document = { title: 'A rule', id: '00000000-0000-4000-8000-000000000001', level: 'low', status: 'test', logsource }
  const text = JSON.stringify({ ...document, detection: { selection, condition: 'selection' } })
  const { rules, diagnostics } = loadRules([{ file: 'rule.yml', text }], { pipelines })
  expect(diagnostics).toEqual([])
  expect(rules).toHaveLength(1)
  return createMatcher(rules, { logSourceFields })
}

function eventsOf(file: string): FlatEvent[] {
  const text = readFileSync(join(root, 'collector/parsers', file.replace('/', '/expected/') + '.ndjson'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FlatEvent)
}
