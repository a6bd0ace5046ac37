import { describe, expect, it } from 'vitest'
import { run } from './testing.ts'

const read = (record: string) => run('- auditd: {}\n- remove: [message]', record)

describe('auditd', () => {
  it('reads arguments, in hexadecimal digits and in pieces', () => {
    const text = 'type=EXECVE msg=audit(1795320000.123:7): argc=4 a0="sh" a1="-c" a2=6563686F2022C4916122 a3_len=6 a3[0]="abc" a3[1]="def"'
    expect(read(text)).toEqual({
      time: '2026-11-22T04:00:00.123Z',
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
