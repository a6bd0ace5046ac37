import { expect, test } from 'vitest'
import { fixedSessions, testServer } from './testing.ts'

test('who does not get through is counted against the limit of requests too', async () => {
  const { app } = await testServer({ sessions: fixedSessions({}), limits: { requests: 3, tries: 3 } })
  const codes = []
  for (let i = 0; i < 4; i++) codes.push((await app.inject({ url: '/api/rules', headers: { cookie: 'vonggac=made-up' } })).statusCode)
  await app.close()
  expect(codes).toEqual([401, 401, 401, 429])
})

test('an address that the router does not take is a problem, and is not repeated', async () => {
  const { app } = await testServer({ sessions: fixedSessions({}) })
  for (const url of [`/api/rules/${'x'.repeat(5_000)}`, '/api/rules/%']) {
    const reply = await app.inject({ url })
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(reply.json()).toMatchObject({ status: 400, code: 'invalid-request' })
    expect(reply.body.length).toBeLessThan(500)
  }
  await app.close()
})
