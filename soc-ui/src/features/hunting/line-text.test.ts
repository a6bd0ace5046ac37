import { expect, it } from 'vitest'
import { withoutHeader } from './line-text.ts'

it.each([
  ['<190>1 2026-11-22T14:28:22.463Z web-01 nginx 812 - - 192.0.2.19 - - "GET / HTTP/1.1"', '192.0.2.19 - - "GET / HTTP/1.1"'],
  ['<34>1 2026-11-22T14:28:22Z web-01 su - ID47 [a@1 x="]"][b@2] failed', 'failed'],
  ['<86>Nov 22 21:28:22 web-01 sshd[2163]: Invalid user git', 'sshd[2163]: Invalid user git'],
  ['<86>Nov  2 21:28:22 web-01 sshd[2163]: Invalid user git', 'sshd[2163]: Invalid user git'],
  ['{"message": "no syslog"}', '{"message": "no syslog"}'],
  ['<34>1 2026-11-22T14:28:22Z web-01 su - - -', '<34>1 2026-11-22T14:28:22Z web-01 su - - -'],
])('%s', (line, shown) => {
  expect(withoutHeader(line)).toBe(shown)
})
