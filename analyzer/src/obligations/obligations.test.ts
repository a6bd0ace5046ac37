import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { obligationsOf, type ClockedCase } from './clocks.ts'
import { readLegalProfile } from './profile.ts'

const profile = await readLegalProfile(fileURLToPath(new URL('../../../playbooks/obligations/vn-2026.yml', import.meta.url)))
const incident: ClockedCase = { serious: false, detectedAt: '2026-11-22T03:00:00.000Z', fulfilled: {} }
const at = (time: string) => new Date(time)
const dueOf = (found: ReturnType<typeof obligationsOf>) =>
  Object.fromEntries(found.map(({ id, due, state }) => [id, `${due ?? 'no time'} ${state}`]))

it('gives every incident 72 hours for the report of cause, scope and remedy', () => {
  const clocks = dueOf(obligationsOf(profile, incident, at('2026-11-22T04:00:00Z')))
  expect(clocks['INC-72']).toBe('2026-11-25T03:00:00.000Z pending')
  expect(clocks['INC-END']).toBe('no time pending')
  expect(clocks).not.toHaveProperty('INC-24')
})

it('gives a serious incident 24 hours for its notice, and puts the next duty first', () => {
  const found = obligationsOf(profile, { ...incident, serious: true }, at('2026-11-23T03:00:00Z'))
  expect(found.slice(0, 2).map(({ id, state, hours }) => [id, state, hours])).toEqual([
    ['INC-24', 'overdue', 24],
    ['INC-72', 'pending', 72],
  ])
  expect(found[0]).toMatchObject({
    form: 'incident-notice',
    source: 'Nghị định 331/2026/NĐ-CP, điểm d khoản 2 Điều 31',
    confidence: 'confirmed',
  })
})

it('shows a duty under a condition without letting its clock run', () => {
  expect(dueOf(obligationsOf(profile, incident, at('2027-01-01T00:00:00Z')))).toMatchObject({
    'INC-NOW': 'no time pending',
    'PDP-72': 'no time pending',
  })
})

it('stops the clock of a duty that is fulfilled', () => {
  const fulfilled = { 'INC-72': { at: '2026-11-23T00:00:00.000Z', by: 'an' } }
  expect(dueOf(obligationsOf(profile, { ...incident, fulfilled }, at('2026-12-22T00:00:00Z')))['INC-72']).toMatch(/done$/)
})

it('applies the law that was in force on the day of detection, and legacy duties only where they are switched on', () => {
  const early = obligationsOf(profile, { ...incident, detectedAt: '2026-07-15T00:00:00.000Z' }, at('2026-07-15T00:00:00Z'))
  expect(early.map(({ id }) => id).toSorted()).toEqual(['INC-DANGER', 'INC-ESC', 'PDP-72', 'PDP-SUBJ'])
  const legacy = { ...profile, obligations: profile.obligations.map((duty) => ({ ...duty, enabled: duty.id.startsWith('LEG') })) }
  expect(dueOf(obligationsOf(legacy, { ...incident, closedAt: '2026-11-24T00:00:00.000Z' }, at('2026-11-22T04:00:00Z')))).toEqual({
    'LEG-5D': '2026-11-27T03:00:00.000Z pending',
    'LEG-END': '2026-11-29T00:00:00.000Z pending',
    'LEG-INIT': 'no time pending',
  })
})

it('names the place of a mistake', async () => {
  await expect(readLegalProfile(fileURLToPath(new URL('./missing.yml', import.meta.url)))).rejects.toMatchObject({
    code: 'invalid-configuration',
  })
})
