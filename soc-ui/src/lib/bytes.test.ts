import { expect, it } from 'vitest'
import { formatBytes } from './bytes.ts'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1,5 kB'],
  [124_000_000, '124 MB'],
  [1_250_000_000_000, '1,3 TB'],
  [5e15, '5.000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes, 'vi')).toBe(text)
})
