import { describe, expect, it } from 'vitest'
import { run } from './testing.ts'

const read = (record: string) => run('- auditd: {}\n- remove: [message]', record)

describe('auditd', () => {
  it('reads arguments, in hexadecimal digits and in pieces', () => {
    const text = 'type=EXECVE msg=audit(1795320000.123:7): argc=4 a0="sh" a1="-c" a2=6563686F2022C4916122 a3_len=6 a3[0]="abc" a3[1]="def"'
    expect(read(text)).toEqual({
      time: '2026-11-22T04:00:00.123Z',
      'event.action': 'execve',
      'auditd.message_type': 'execve',
      'auditd.sequence': 7,
      'auditd.data.argc': '4',
      'auditd.data.a0': 'sh',
      'auditd.data.a1': '-c',
      'auditd.data.a2': 'echo "đa"',
      'auditd.data.a3': 'abcdef',
      'process.args': ['sh', '-c', 'echo "đa"', 'abcdef'],
      'process.command_line': 'sh -c echo "đa" abcdef',
    })
  })
  it('leaves the numbers of a system call, and takes the names that the daemon adds', () => {
    const text =
      'node=web-01 type=SYSCALL msg=audit(1795320000.123:8): syscall=59 a0=7ffe a1=10 comm="sh" key=(null)\u001dARCH=x86_64 SYSCALL=execve UID="root"'
    expect(read(text)).toMatchObject({
      'host.name': 'web-01',
      'auditd.data.a0': '7ffe',
      'auditd.data.a1': '10',
      'auditd.data.comm': 'sh',
      'auditd.enriched.syscall': 'execve',
      'auditd.enriched.uid': 'root',
    })
    expect(read(text)).not.toHaveProperty(['auditd.data.key'])
  })
  it('reads what stands within msg, several keys of a rule, and a title', () => {
    expect(read(`type=USER_AUTH msg=audit(1795320000.123:9): pid=1 msg='op=PAM:authentication acct="an" res=failed'`)).toMatchObject({
      'auditd.data.pid': '1',
      'auditd.data.acct': 'an',
      'auditd.data.res': 'failed',
    })
    expect(read('type=SYSCALL msg=audit(1795320000.123:9): key=6101626364')).toMatchObject({ 'auditd.data.key': ['a', 'bcd'] })
    expect(read('type=PROCTITLE msg=audit(1795320000.123:9): proctitle=636174002F6574632F736861646F77')).toMatchObject({
      'process.args': ['cat', '/etc/shadow'],
      'process.command_line': 'cat /etc/shadow',
    })
  })
  it('bounds the arguments, and refuses what is no record', () => {
    expect(read('type=EXECVE msg=audit(1795320000.123:7): a999999="x" a0="y"')).toMatchObject({
      tags: ['too-many-fields'],
      'auditd.data.a0': 'y',
    })
    expect(read('type=EXECVE msg=audit(x): a0="y"')).toBeUndefined()
  })
})

describe('records of one event', () => {
  const at = 'msg=audit(1795320000.123:7):'

  it('become one: what each says of who acts once, what they say of several paths as lists', () => {
    const text = [
      `type=SYSCALL ${at} syscall=59 success=yes a0=7ffe a1=10 pid=9 comm="sh" key="k"\u001dSYSCALL=execve UID="root"`,
      `type=EXECVE ${at} argc=2 a0="cat" a1=68E1BB932073C6A1`,
      `type=CWD ${at} cwd="/srv"`,
      `type=PATH ${at} item=0 name="/srv" nametype=PARENT\u001dOUID="root"`,
      `type=PATH ${at} item=1 name="a/../b" nametype=CREATE\u001dOUID="an"`,
      `type=PROCTITLE ${at} proctitle=636174`,
      `type=EOE ${at} `,
    ].join('\n')
    expect(read(text)).toEqual({
      time: '2026-11-22T04:00:00.123Z',
      'event.action': 'syscall',
      'auditd.sequence': 7,
      'auditd.message_type': ['syscall', 'execve', 'cwd', 'path', 'proctitle'],
      'auditd.data.syscall': '59',
      'auditd.data.success': 'yes',
      'auditd.data.pid': '9',
      'auditd.data.comm': 'sh',
      'auditd.data.key': 'k',
      'auditd.enriched.syscall': 'execve',
      'auditd.enriched.uid': 'root',
      'auditd.data.argc': '2',
      'auditd.data.a0': 'cat',
      'auditd.data.a1': 'hồ sơ',
      'auditd.data.cwd': '/srv',
      'auditd.data.item': ['0', '1'],
      'auditd.data.name': ['/srv', 'a/../b'],
      'auditd.data.nametype': ['PARENT', 'CREATE'],
      'auditd.enriched.ouid': ['root', 'an'],
      'process.title': 'cat',
      'process.args': ['cat', 'hồ sơ'],
      'process.command_line': 'cat hồ sơ',
      'file.path': '/srv/b',
    })
  })
  it('are none with a line of another event, or a line that is no record', () => {
    expect(read(`type=CWD ${at} cwd="/"\ntype=CWD msg=audit(1795320000.123:8): cwd="/"`)).toBeUndefined()
    expect(read(`type=CWD ${at} cwd="/"\nwords`)).toBeUndefined()
  })
  it.each([
    ['020001BBCB00715000', { family: 'ipv4', addr: '203.0.113.80', port: '443' }],
    ['0A0001BB0000000020010DB800000000000000000000002300000000', { family: 'ipv6', addr: '2001:db8::23', port: '443' }],
    ['0A0001BB0000000000000000000000000000FFFFCB00715000000000', { family: 'ipv6', addr: '203.0.113.80', port: '443' }],
    ['01002F72756E2F610000', { family: 'unix', path: '/run/a' }],
    ['0100002F612F62', { family: 'unix', path: '@/a/b' }],
    ['100000000000', { family: 'netlink' }],
    ['0200', { family: 'ipv4' }],
    ['7F', {}],
    ['zz', {}],
  ])('have the socket address %s', (saddr, expected) => {
    const fields = Object.entries(read(`type=SOCKADDR ${at} saddr=${saddr}`)!)
    const socket = fields.flatMap(([name, value]) => (name.startsWith('auditd.data.socket.') ? [[name.slice(19), value]] : []))
    expect(Object.fromEntries(socket)).toEqual(expected)
  })
})
