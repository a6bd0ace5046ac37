import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { replay } from '../../deploy/standalone/src/replay.ts'
import type { Platform } from '../support/platform.ts'
import { recordedAttack } from '../support/recorded-attack.ts'
import { expectAccessible, expectNoSidewaysScroll, takePicture } from './browser.ts'
import { openConsole, signInTo, type OpenedConsole } from './console.ts'

let opened: OpenedConsole
let platform: Platform
let page: Page
let errors: string[]

beforeAll(async () => {
  opened = await openConsole()
  ;({ platform, page, errors } = opened)
  await platform.signIn()
  const { syslog } = platform.ports
  await replay(recordedAttack, { host: '127.0.0.1', tcpPort: syslog, udpPort: syslog }, { speed: 20 })
  const everything = { query: '', from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() }
  const stored = async () => (await platform.client.call('countEvents', { body: everything })).total
  await vi.waitUntil(async () => (await stored()) === recordedAttack.length, { timeout: 60_000, interval: 200 })
  await signInTo(opened, '/hunting')
})
afterAll(() => opened?.close())

const query = () => page.getByTestId('query')
/** Nothing on the page is of the search before. */
const settled = async () => {
  await expect.poll(() => page.getByTestId('cancel-search').count()).toBe(0)
  await expect.poll(() => page.locator('main [aria-busy="true"]').count()).toBe(0)
}
const total = async () => {
  await settled()
  return Number((await page.getByTestId('event-total').textContent())!.replaceAll('.', ''))
}
const written = () => query().inputValue()
const suggestion = (text: string) => page.getByTestId('suggestion').filter({ hasText: text })

describe('a hunt, in a browser', () => {
  it('completes a query by the keyboard and runs it', async () => {
    await page.getByTestId('event-row').first().waitFor()
    const everything = await total()
    await page.keyboard.press('/')
    await page.keyboard.type('user.na')
    await suggestion('user.name').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await written()).toBe('user.name: ')
    await page.keyboard.type('roo')
    await suggestion('"root"').waitFor()
    expect(await query().getAttribute('aria-expanded')).toBe('true')
    await expectAccessible(page, 'a query that is being written')
    await page.keyboard.press('Tab')
    expect(await written()).toBe('user.name: "root" ')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('user.name: "root"')
    await expect.poll(total).toBeLessThan(everything)
    await takePicture(page, 'hunt')
  })

  it('says what is wrong with a query, and where', async () => {
    await query().fill('user.name: root and (source.ip: 203.0.113.66')
    await page.keyboard.press('Control+Enter')
    expect(await page.getByTestId('query-problem').textContent()).toContain('Dấu ngoặc này chưa được đóng')
    expect(new URL(page.url()).searchParams.get('q')).toBe('user.name: "root"')
    await expectAccessible(page, 'a query with a problem')
    await query().fill('')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBeNull()
  })

  it('narrows the period by dragging over the chart, and goes back', async () => {
    await page.getByTestId('period').click()
    await page.getByTestId('last-15m').click()
    await expect.poll(() => new URL(page.url()).searchParams.get('last')).toBe('15m')
    const all = await total()
    const box = (await page.getByTestId('histogram').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.5, box.y + 50)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + 50, { steps: 4 })
    await page.mouse.move(box.x + box.width + 20, box.y + 50, { steps: 4 })
    await page.mouse.up()
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).not.toBeNull()
    await expect.poll(total).toBe(all)
    await page.goBack()
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBeNull()
    await page.goForward()
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).not.toBeNull()
  })

  it('adds a value of the field list to the query, and turns it round', async () => {
    const field = page.locator('[data-testid="field"][data-field="source.ip"]')
    await field.getByRole('button').first().click()
    await field.getByTestId('only-value').first().click()
    await expect.poll(written).toMatch(/^source\.ip: "[\d.]+"$/)
    const only = await written()
    await settled()
    await page.getByTestId('event-row').first().locator('[data-row-link]').click()
    const drawer = page.getByTestId('event-drawer')
    await drawer.locator('tr[data-field="source.ip"]').getByTestId('without-value').click()
    await expect.poll(written).toBe(`not ${only}`)
    await page.goBack()
    await expect.poll(written).toBe(only)
    await settled()
    const dataset = page.locator('[data-testid="field"][data-field="event.dataset"]')
    await dataset.getByRole('button').first().click()
    await dataset.getByTestId('with-field').click()
    await expect.poll(written).toBe(`${only} and event.dataset: *`)
    await page.goBack()
    await expect.poll(written).toBe(only)
  })

  it('opens an event without a mouse, and its neighbour', async () => {
    await settled()
    await page.locator('main').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    const drawer = page.getByTestId('event-drawer')
    const id = () => drawer.locator('tr[data-field="event.id"] td').textContent()
    await drawer.locator(':focus').waitFor()
    const first = await id()
    await page.keyboard.press('j')
    await expect.poll(id).not.toBe(first)
    await expectAccessible(page, 'an event')
    await takePicture(page, 'hunt-event')
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
  })

  it('gives what it found as CSV', async () => {
    const found = await total()
    await page.getByTestId('export').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-csv').click()])
    const [head, ...rows] = readFileSync(await download.path(), 'utf8')
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split(/\r?\n/)
    expect(head).toContain('@timestamp,event.dataset,host.name,source.ip,user.name,event.original')
    expect(rows).toHaveLength(found)
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
  })

  it('becomes a saved hunt that runs by a schedule, and a Sigma rule', async () => {
    await page.getByTestId('save-hunt').click()
    const form = page.getByTestId('hunt-form')
    await form.getByLabel('Tên').fill('Một địa chỉ dò quét cổng thông tin')
    await form.getByRole('switch').check()
    await expectAccessible(page, 'saving a hunt')
    await page.getByTestId('confirm-hunt').click()
    await expect.poll(() => new URL(page.url()).searchParams.get('hunt')).not.toBeNull()

    await page.getByTestId('make-rule').click()
    await page.getByTestId('sigma-form').getByLabel('Tên luật').fill('Một địa chỉ')
    await page.getByTestId('sigma-form').getByLabel('category').fill('webserver')
    await page.getByTestId('write-rule').click()
    expect(await page.getByTestId('sigma-yaml').textContent()).toContain('source.ip:')
    await page.keyboard.press('Escape')

    await page.goto(`${platform.url}/hunting/saved`)
    await page.getByTestId('hunt-row').filter({ hasText: 'Một địa chỉ dò quét' }).waitFor()
    await expectAccessible(page, 'saved hunts')
    await takePicture(page, 'hunt-saved')
  })

  it('runs the rules over what is stored', async () => {
    await page.goto(`${platform.url}/hunting/history`)
    await page.getByTestId('new-retro').click()
    await page.getByTestId('confirm-retro').click()
    const finding = page.getByTestId('findings').getByRole('row').filter({ hasText: 'Tấn công chèn mã SQL' }).first()
    await finding.waitFor()
    await page.getByText('Đã xong').first().waitFor()
    await expectAccessible(page, 'a run over history')
    await expectNoSidewaysScroll(page, 'a run over history')
    await takePicture(page, 'hunt-history')
    await finding.getByRole('link').last().click()
    await page.getByTestId('event-row').first().waitFor()
    expect(await written()).toContain('event.id:')
  })

  it('looks around an event of an alert', async () => {
    await page.goto(`${platform.url}/alerts`)
    await page.locator('[data-row-link]').first().click()
    await page.getByTestId('search-around').click()
    await page.getByTestId('event-row').first().waitFor()
    expect(await written()).toContain('host.name: "congdan-web-01"')
    expect(new URL(page.url()).searchParams.get('clock')).toBe('occurred')
  })

  it('remembers what was searched', async () => {
    await page.goto(`${platform.url}/hunting`)
    await page.getByTestId('recent-queries').click()
    await page.getByRole('menuitem', { name: 'user.name: "root"' }).click()
    await expect.poll(written).toBe('user.name: "root"')
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})

describe('the page of the stores', () => {
  it('places a hold and lifts it, each with its reason', async () => {
    await page.goto(`${platform.url}/storage`)
    await page.getByTestId('storage-health').waitFor()
    await page.getByTestId('place-hold').click()
    await page.getByTestId('hold-form').getByLabel('Lý do').fill('Công an thành phố yêu cầu, công văn 12/CA')
    await expectAccessible(page, 'placing a hold')
    await page.getByTestId('confirm-hold').click()
    const row = page.getByTestId('hold-row').filter({ hasText: 'công văn 12/CA' })
    await row.waitFor()
    await takePicture(page, 'storage')

    await row.getByTestId('lift-hold').click()
    await page.getByTestId('confirm-lift').click()
    await page.getByText('Cần nêu lý do').waitFor()
    await page.getByTestId('lift-form').getByLabel('Lý do').fill('Vụ án đã kết thúc')
    await page.getByTestId('confirm-lift').click()
    await row.waitFor({ state: 'detached' })
  })

  it('backs up, and checks every file', async () => {
    const done = page.locator('[data-testid="job"][data-state="done"]')
    await page.getByTestId('start-back-up').click()
    await done.filter({ hasText: 'Sao lưu' }).waitFor()
    await page.getByTestId('start-check').click()
    await done.filter({ hasText: 'Kiểm tra toàn vẹn' }).waitFor()
    await expectAccessible(page, 'the stores')
    await takePicture(page, 'storage-jobs')
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})
