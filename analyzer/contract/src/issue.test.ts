import { expect, it } from 'vitest'
import { z } from 'zod'
import { saidOfIssue } from './issue.ts'
import { sourceSchema } from './source-config.ts'
import { say } from './say.ts'
import { textOf } from './sentence.ts'
import { newUserSchema, userNameSchema } from './user.ts'

const found = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues.map(saidOfIssue)

it.each([
  ['what is missing', z.object({ a: z.string() }), {}, [say('value-missing')]],
  ['a wrong type', z.int(), 1.5, [say('value-type', { type: 'int' })]],
  ['a choice', z.enum(['syslog', 'plain']), 'x', [say('value-choice', { choices: 'syslog, plain' })]],
  ['an empty text', z.string().trim().min(1), ' ', [say('text-empty')]],
  ['a long text', z.string().max(3), 'abcd', [say('text-long', { most: 3 })]],
  ['an empty list', z.array(z.string()).min(1), [], [say('list-empty')]],
  ['a small number', z.int().min(1), 0, [say('number-small', { least: 1 })]],
  ['what must be positive', z.int().positive(), 0, [say('number-not-above', { bound: 0 })]],
  ['a large number', z.number().max(10), 11, [say('number-large', { most: 10 })]],
  ['unknown names', z.strictObject({}), { a: 1, b: 2 }, [say('names-unknown', { names: 'a, b' })]],
  ['a key', z.record(z.string().max(1), z.string()), { ab: '' }, [say('text-long', { most: 1 })]],
  ['no time', z.iso.datetime(), '22/11/2026', [say('value-time')]],
  ['none of several', z.union([z.literal('*'), z.array(z.int())]), 7, [say('value-unfit')]],
  ['a check of ours, by its text', userNameSchema, 'Ả', [say('user-name-form')]],
])('says of %s what is wrong', (_, schema, value, expected) => expect(found(schema, value)).toEqual(expected))

it('takes the sentence that a check carries, and leaves a message that it does not know', () => {
  const said = say('time-zone-wrong', { zone: 'x' })
  const refuses = (more: object) => z.string().check(({ value, issues }) => void issues.push({ code: 'custom', input: value, ...more }))
  expect(found(refuses({ message: said.text, params: { said } }), 'x')).toEqual([said])
  expect(found(refuses({ message: 'not today' }), 'x')).toEqual(['not today'])
  expect(found(z.string().regex(/^a/, 'begins with a'), 'x')).toEqual(['begins with a'])
})

it('has a code for each mistake of what people send', () => {
  const drafts = [
    ...found(newUserSchema, { userName: 'x', displayName: '', password: 'short', role: 'boss', agency: 'Ả' }),
    ...found(sourceSchema, { id: 'Ả', name: {}, agency: '', transport: 'file', parsers: [], paths: ['x'], multiline: {} }),
  ]
  expect(drafts.filter((said) => typeof said === 'string')).toEqual([])
  expect(drafts.map(textOf)).toContain('a path begins with /')
})
