import { expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { loadParsers } from './load.ts'
import { parseLines } from './parse-lines.ts'

const parsers = await loadParsers(productParsers)
const receivedMs = Date.parse('2026-11-22T04:00:00Z')
const received = '2026-11-22T04:00:00.000Z'

it.each([
  ['+275760-09-13T00:00:00.000Z', received],
  ['9999-12-31T23:59:59-12:00', received],
  ['-000001-01-01T00:00:00.000Z', received],
  ['0000-01-01T00:00:00+12:00', received],
  ['soon', received],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('a sender that claims the time %s gets an event of %s', (claimed, expected) => {
  const line = JSON.stringify({ '@timestamp': claimed, 'event.dataset': 'kho.api', message: 'x' })
  const [event] = parseLines(parsers.get('ecs-json')!, Buffer.from(`${line}\n`), { framing: 'plain', receivedMs })
  expect(event).toMatchObject({ '@timestamp': expected })
})

it.each(['9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00+12:00'])('a syslog header with the time %s too', (claimed) => {
  const line = `<38>1 ${claimed} host sshd 1 - - Failed password for root from 192.0.2.1 port 1 ssh2`
  const [event] = parseLines(parsers.get('openssh')!, Buffer.from(`${line}\n`), { framing: 'syslog', receivedMs })
  expect(event).toMatchObject({ '@timestamp': received })
})
