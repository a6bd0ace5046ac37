import { expect, it } from 'vitest'
import { parseKernelDrops } from './kernel-drops.ts'

const rest = '00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20011 2 0000000000000000'
const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0100007F:158A ${rest} 42
  101: 00000000:158B ${rest} 7
  102: 0500000A:158B ${rest} 9
`
const table6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 00000000000000000000000000000000:158A ${rest} 3
  101: B80D0120000000000000000001000000:158A ${rest} 4
`

it('reads the drops column of the sockets bound to the address and port', () => {
  const of = (address: string, port: number) => parseKernelDrops(table, address, port)
  expect([of('127.0.0.1', 5514), of('0.0.0.0', 5515), of('10.0.0.5', 5515), of('10.0.0.6', 5515), of('127.0.0.1', 1)]).toEqual([
    42, 7, 9, 0, 0,
  ])
  expect([parseKernelDrops(table6, '::', 5514), parseKernelDrops(table6, '2001:db8::1', 5514), parseKernelDrops('', '::', 1)]).toEqual([
    3, 4, 0,
  ])
})
