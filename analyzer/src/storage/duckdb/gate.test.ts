import { isVonggacError } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { Gate } from './gate.ts'

it('lets the next in when one leaves, and turns away where the line is long', async () => {
  const gate = new Gate(1, 1)
  const leave: (() => void)[] = []
  const enter = (name: string) => gate.pass(() => new Promise<string>((resolve) => leave.push(() => resolve(name))))
  const [first, second] = [enter('first'), enter('second')]
  const third = await enter('third').catch((error: unknown) => error)
  expect(isVonggacError(third, 'busy')).toBe(true)
  expect(leave).toHaveLength(1)
  leave[0]!()
  expect(await first).toBe('first')
  leave[1]!()
  expect(await second).toBe('second')
})

it('forgets whoever gives up in line', async () => {
  const gate = new Gate(1, 1)
  let leave = () => {}
  const first = gate.pass(() => new Promise<void>((resolve) => (leave = resolve)))
  const controller = new AbortController()
  const waiting = gate.pass(async () => 'in', controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  const next = gate.pass(async () => 'next')
  leave()
  await first
  expect(await next).toBe('next')
})
