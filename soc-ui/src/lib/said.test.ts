import { say, sentences as english } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { sentences } from './i18n/vi/sentences.ts'
import { saidText } from './said.ts'

const placesIn = (text: string) => new Set(Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name))

it('says a sentence in the language of its reader, numbers and words as well', () => {
  const said = say('role-needed', { required: 'manager', role: 'viewer' })
  expect(saidText(said, 'en')).toBe('This needs the role manager; yours is viewer.')
  expect(saidText(said, 'vi')).toBe('Việc này cần vai trò trưởng ca; vai trò của bạn là người xem.')
  expect(saidText(say('export-too-large', { count: 2_500_000, most: 1_000_000 }), 'vi')).toContain('2.500.000 sự kiện')
})

it('leaves what has no code, or an unknown one, as it came, and says several sentences one after another', () => {
  expect(saidText('ENOSPC: no space left', 'vi')).toBe('ENOSPC: no space left')
  expect(saidText({ code: 'of-tomorrow', values: {}, text: 'Something new.' }, 'vi')).toBe('Something new.')
  expect(saidText(['x.0:', say('retro-no-rule-on')], 'vi')).toBe('x.0: Không luật nào đang bật.')
})

it('says what is wrong with a value, after its place', () => {
  const said = ['body.limit:', say('value-type', { type: 'int' }), '·', 'body.title:', say('text-long', { most: 1_000 })]
  expect(saidText(said, 'vi')).toBe('body.limit: phải là một số nguyên · body.title: chỉ được có nhiều nhất 1.000 ký tự')
  expect(saidText(said, 'en')).toBe('body.limit: must be of type int · body.title: must have at most 1000 characters')
})

it('names no value that the sentence does not have', () => {
  for (const [code, text] of Object.entries(sentences)) {
    const known = placesIn(english[code as keyof typeof english])
    expect([code, [...placesIn(text)].filter((name) => !known.has(name))]).toEqual([code, []])
  }
})
