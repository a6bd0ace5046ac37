import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { evaluate, toDuckDbSql, type Expression } from '@vonggac/sigma'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ipv4Number, ipv4Text } from './ipv4.ts'

const usual = '10.1.2.3|10.1.2.0|10.1.2.255|10.1.3.0|10.0.0.0|9.255.255.255|0.0.0.0|255.255.255.255|192.168.1.127|192.168.1.128'.split('|')
const none = '010.1.2.3|10.1.2|10.1.2.256|10.1.2.3.4|1.2.3.|.1.2.3|10.1.2.3 |10..2.3||text|١.2.3.4|1234.1.1.1|10.1.2.3:80|1::2::3'.split(
  '|',
)
const colons = '::ffff:10.1.2.3|::FFFF:0a01:0203|::10.1.2.3|0:0:0:0:0:ffff:a01:203|fe80::1|fe80::1%eth0|::1|::'.split('|')
const texts = [...usual, ...none, ...colons]
const wide = '10.0.0.0/8|0.0.0.0/0|128.0.0.0/1|::ffff:10.1.2.0/120|fe80::/10|::/0'.split('|')
const narrow = '10.1.2.0/24|10.1.2.3|10.1.2.3/32|10.1.2.3/31|255.255.255.255/32|192.168.1.128/25|::1|10.0.0.0/33|nonsense'.split('|')
const networks = [...wide, ...narrow]

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run('CREATE TABLE addresses (text VARCHAR, number UINTEGER)')
  for (const text of texts) await connection.run('INSERT INTO addresses VALUES ($1, $2)', [text, ipv4Number(text) ?? null])
})
afterAll(() => connection.closeSync())

it.each(networks)('the numbers of %s are the addresses that the reference evaluator finds in it', async (cidr) => {
  for (const where of [
    { field: 'ip', test: { kind: 'network', cidr } },
    { not: { field: 'ip', test: { kind: 'network', cidr } } },
  ] as Expression[]) {
    const column = { sql: 'text', type: 'text', ipv4: 'number' } as const
    const { sql, parameters } = toDuckDbSql(where, { column: () => column, texts: [column] })
    const found = await connection.runAndReadAll(`SELECT text FROM addresses WHERE ${sql}`, parameters)
    const expected = texts.filter((ip) => evaluate(where, { ip }))
    expect(found.getRows().flat()).toEqual(expected)
  }
})

it('writes a number as the address that it was', async () => {
  const written = await connection.runAndReadAll(`SELECT text, ${ipv4Text('number')} FROM addresses WHERE number IS NOT NULL`)
  expect(written.currentRowCount).toBe(usual.length)
  for (const [text, again] of written.getRows()) expect(again).toBe(text)
})
