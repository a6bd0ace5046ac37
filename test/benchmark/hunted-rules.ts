import type { Expression } from '@vonggac/sigma'

const equals = (field: string, value: string | number): Expression => ({ field, test: { kind: 'equals', value } })
const text = (kind: 'contains' | 'prefix' | 'suffix', field: string, ...values: string[]): Expression => ({
  any: values.map((value) => ({ field, test: { kind, value } })),
})
const windows = equals('vonggac.logsource.category', 'process_creation')
const web = equals('vonggac.logsource.category', 'webserver')
const login = equals('vonggac.logsource.service', 'sshd')
const connection = equals('vonggac.logsource.service', 'conn')

const tools =
  'mimikatz rubeus seatbelt sharphound procdump lazagne psexec wmiexec cobaltstrike meterpreter winpeas adfind rclone ngrok chisel'
const traversal =
  '../../etc/passwd union+select /wp-login.php /.git/config cmd.exe?/c+ /cgi-bin/luci ${jndi: <script> /actuator/env xp_cmdshell'
const arguments_ =
  '-encodedcommand downloadstring invoke-expression vssadmin+delete bcdedit+/set wevtutil+cl reg+save schtasks+/create certutil+-urlcache'

/** Fifty rules in the manner of public ones: a log source, an executable, some texts of which one must be there, and an exception. */
export function huntedRules(): readonly Expression[] {
  const processes = tools.split(' ').map((tool) => ({
    all: [
      windows,
      { any: [text('suffix', 'process.executable', `\\${tool}.exe`), text('contains', 'process.command_line', tool, `${tool}64`)] },
      { not: text('prefix', 'process.parent.executable', 'C:\\Program Files\\EDR\\') },
    ],
  }))
  const scripted = arguments_.split(' ').map((argument) => ({
    all: [
      windows,
      text('suffix', 'process.executable', '\\powershell.exe', '\\cmd.exe'),
      text('contains', 'process.command_line', argument.replaceAll('+', ' '), `/${argument}`),
    ],
  }))
  const requests = traversal.split(' ').map((needle) => ({
    all: [web, text('contains', 'url.original', needle, encodeURIComponent(needle)), { not: equals('http.response.status_code', 404) }],
  }))
  const logins = ['oracle', 'postgres', 'guest', 'test', 'backup', 'ubnt', 'pi', 'support'].map((user) => ({
    all: [login, equals('event.outcome', 'success'), equals('user.name', user)],
  }))
  const flows = [4444, 1337, 6667, 31337, 5555, 9001, 23, 3389].map((port) => ({
    all: [
      connection,
      equals('destination.port', port),
      { not: { field: 'destination.ip', test: { kind: 'network' as const, cidr: '10.0.0.0/8' } } },
    ],
  }))
  return [...processes, ...scripted, ...requests, ...logins, ...flows]
}
