import { expect, it } from 'vitest'
import { parseKernelDrops } from './kernel-drops.ts'

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20011 2 0000000000000000 42
  101: 00000000:158B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20012 2 0000000000000000 7
`

it('reads the drops column of the sockets on the port', () => {
  expect([parseKernelDrops(table, 5514), parseKernelDrops(table, 5515), parseKernelDrops(table, 1), parseKernelDrops('', 1)]).toEqual([
    42, 7, 0, 0,
  ])
})
