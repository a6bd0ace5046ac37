import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Platform } from '../support/platform.ts'
import { expectAccessible, expectGoodPage, expectNoSidewaysScroll, looks, takeLook, takePicture } from './browser.ts'
import { openConsole, signInTo, type OpenedConsole } from './console.ts'

let opened: OpenedConsole
let platform: Platform
let page: Page
let errors: string[]

beforeAll(async () => {
  opened = await openConsole()
  ;({ platform, page, errors } = opened)
  await signInTo(opened, '/systems')
})
afterAll(() => opened?.close())

/** What an application behind nginx writes, as ECS. */
const request = (path: string) =>
  JSON.stringify({
    '@timestamp': new Date().toISOString(),
    event: { module: 'nginx', dataset: 'nginx.access', category: ['web'], outcome: 'success' },
    http: { request: { method: 'GET' }, response: { status_code: 200 } },
    url: { original: path, path },
    user_agent: { original: 'Mozilla/5.0' },
    source: { ip: '203.0.113.9' },
    host: { name: 'ho-so-01' },
  })
const step = (name: string) => page.getByTestId(`check-${name}`)
const stateOf = (name: string) => step(name).getAttribute('data-state')

describe('an agency’s administrator connects a source, in a browser', () => {
  let token = ''

  it('registers the system first, and learns what its level means', async () => {
    await page.getByTestId('new-system').click()
    const form = page.getByTestId('system-form')
    await form.getByTestId('confirm-system').click()
    await page.getByText('Cần có tên hệ thống.').waitFor()
    await form.getByLabel('Tên hệ thống').fill('Hệ thống một cửa điện tử')
    await form.getByLabel('Cơ quan', { exact: true }).click()
    await page.getByRole('option', { name: 'Cổng thông tin công dân' }).click()
    await form.getByText('hạ tầng dùng chung trong một tỉnh').waitFor()
    await form.getByTestId('owner').getByLabel('Họ tên hoặc đơn vị').fill('Văn phòng Ủy ban nhân dân thành phố')
    await form.getByTestId('operator').getByLabel('Họ tên hoặc đơn vị').fill('Trung tâm Công nghệ thông tin')
    await form.getByLabel(/^Địa chỉ và mạng/).fill('10.20.0.0/16')
    await expectAccessible(page, 'a new system')
    await takePicture(page, 'onboarding-system')
    await form.getByTestId('confirm-system').click()
    const row = page.getByTestId('system-row').filter({ hasText: 'Hệ thống một cửa điện tử' })
    await row.waitFor()
    expect(await row.textContent()).toContain('Cấp 3')
    await row.getByRole('link', { name: 'Thêm nguồn log' }).click()
    await page.getByTestId('source-form').waitFor()
  })

  it('is told what is missing', async () => {
    await page.getByTestId('register').click()
    await page.getByRole('alert').filter({ hasText: 'Cần có tên nguồn log.' }).first().waitFor()
    await expectAccessible(page, 'a form with mistakes')
    await takePicture(page, 'onboarding-mistakes')
  })

  it('has the format recognised from pasted lines', async () => {
    await page.getByTestId('view-lines').click()
    await page.getByTestId('sample-lines').fill([request('/dich-vu'), request('/tra-cuu')].join('\n'))
    await page.getByTestId('detect').click()
    const found = page.getByTestId('detected').filter({ hasText: /^ecs-json/ })
    await found.waitFor()
    expect(await found.textContent()).toContain('Đọc được 2/2 dòng')
    await found.getByRole('checkbox').check()
    await expectAccessible(page, 'a recognised format')
    await takePicture(page, 'onboarding-detected')
  })

  it('registers it: an id of the name, hours with holidays, the least retention of the level', async () => {
    await page.getByTestId('way-http').check()
    await page.getByTestId('source-name').fill('Ứng dụng Một cửa Đà Nẵng')
    expect(await page.getByLabel('Mã nguồn').inputValue()).toBe('ung-dung-mot-cua-da-nang')
    await page.getByLabel('Theo giờ làm việc').check()
    await page.getByTestId('hours').getByText('Tết Nguyên đán').waitFor()
    expect(await page.getByTestId('least-retention').textContent()).toContain('ít nhất 3 tháng')
    await page.getByLabel(/^Giữ log/).fill('30')
    await expect.poll(() => page.getByTestId('least-retention').textContent()).toContain('Ngắn hơn mức tối thiểu')
    await page.getByLabel(/^Giữ log/).fill('100')
    await expectAccessible(page, 'a filled form')
    await expectNoSidewaysScroll(page, 'a filled form')
    await takePicture(page, 'onboarding-register')
    await page.getByTestId('register').click()
    await page.waitForURL('**/sources/ung-dung-mot-cua-da-nang/connect')
    await step('connection').waitFor()
    await expectAccessible(page, 'a source that waits')
    await takePicture(page, 'onboarding-waiting')
  })

  it('gets the token once, already in the text for the shipper', async () => {
    await page.getByTestId('issue-token').click()
    token = (await page.getByTestId('token').textContent())!
    expect(token).toMatch(/^[\w-]{43}$/)
    await expect.poll(() => page.getByTestId('snippet').textContent()).toContain(token)
    await expectAccessible(page, 'a token')
    await takePicture(page, 'onboarding-token')
    await page.getByRole('link', { name: 'Thiết lập', exact: true }).click()
    await page.getByRole('dialog').filter({ hasText: 'không thể hiện lại' }).waitFor()
    await page.getByRole('button', { name: 'Hủy' }).click()
    await page.getByTestId('kept').click()
    await page.getByTestId('token').waitFor({ state: 'detached' })
    expect(await page.locator('main').textContent(), 'it is nowhere any more').not.toContain(token)
    expect(await page.getByTestId('issued-token').count()).toBe(1)
  })

  it('sees step after step turn green when logs arrive', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => request(`/ho-so/${index}`)).join('\n')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }
    const send = () => fetch(`http://127.0.0.1:${platform.ports.http}/v1/events`, { method: 'POST', headers, body: lines })
    // The collector takes over a new source within seconds.
    await expect.poll(async () => (await send()).status, { interval: 500 }).toBe(202)
    for (const name of ['connection', 'frames', 'parsed', 'fields', 'rules']) await expect.poll(() => stateOf(name)).toBe('done')
    await page.getByTestId('all-done').waitFor()
    expect(await step('parsed').textContent()).toContain('đọc được 100%')
    await expectAccessible(page, 'a source that works')
    await takePicture(page, 'onboarding-green')
  })

  it('finds its events', async () => {
    await page.getByTestId('hunt-source').click()
    await page.getByTestId('event-row').first().waitFor()
    expect(await page.getByTestId('query').inputValue()).toContain('vonggac.source.id: "ung-dung-mot-cua-da-nang"')
    await page.goBack()
  })

  it('pauses it with a reason and resumes it', async () => {
    await page.getByRole('link', { name: 'Thiết lập', exact: true }).click()
    await page.getByTestId('pause-source').click()
    await page.getByTestId('confirm-pause').click()
    await page.getByText('Cần nêu lý do').waitFor()
    await page.getByTestId('pause-form').getByLabel('Lý do').fill('Bảo trì máy chủ đến hết ngày')
    await page.getByTestId('confirm-pause').click()
    await page.getByTestId('source-state').getByText('Bảo trì máy chủ đến hết ngày').waitFor()
    await expectAccessible(page, 'a paused source')
    await takePicture(page, 'onboarding-paused')
    await page.getByTestId('resume-source').click()
    await page.getByTestId('source-state').getByText('Đang nhận log').waitFor()
    await page.getByTestId('source-name').fill('Ứng dụng Một cửa')
    await page.getByTestId('save-source').click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Thiết lập: Ứng dụng Một cửa')
  })

  it.each(looks)('has pages that are accessible and fit: $theme, $width px, $language', async (look) => {
    await takeLook(page, look)
    const source = `${platform.url}/sources/ung-dung-mot-cua-da-nang`
    await expectGoodPage(page, `${platform.url}/systems`, 'onboarding-systems', look)
    await expectGoodPage(page, `${source}/connect`, 'onboarding-connect', look)
    await expectGoodPage(page, `${source}/settings`, 'onboarding-settings', look)
    await expectGoodPage(page, source, 'onboarding-ledger', look)
  })

  it('revokes the token', async () => {
    await takeLook(page, looks[0])
    await page.goto(`${platform.url}/sources/ung-dung-mot-cua-da-nang/connect`)
    await page.getByTestId('revoke-token').click()
    await page.getByTestId('confirm').click()
    await page.getByTestId('issued-token').waitFor({ state: 'detached' })
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})

describe('a source over syslog, in a browser', () => {
  beforeAll(async () => {
    const person = { name: 'Trung tâm', phone: '', email: '' }
    const draft = { name: 'Chấm công', agency: 'congdan', level: 2, owner: person, operator: person }
    const { id: system } = await platform.client.call('createSystem', { body: draft })
    const config = {
      id: 'cham-cong-01',
      name: { vi: 'Máy chấm công', en: 'Time clock' },
      agency: 'congdan',
      system: 'Chấm công',
      transport: 'syslog' as const,
      parsers: ['nginx'],
      from: ['127.0.0.1'],
      programs: ['chamcong'],
    }
    await platform.client.call('registerSource', { body: { config, system } })
  })

  it('gets a certificate once: three files', async () => {
    await page.goto(`${platform.url}/sources/cham-cong-01/connect`)
    expect(await page.getByTestId('snippet').textContent()).toContain('omfwd')
    await page.getByTestId('issue-certificate').click()
    const files = page.getByTestId('once').getByRole('button', { name: /^Tải về/ })
    await files.first().waitFor()
    const saved: string[] = []
    for (const file of await files.all()) {
      const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
      saved.push(`${download.suggestedFilename()}: ${readFileSync(await download.path(), 'utf8').split('\n')[0]}`)
    }
    expect(saved).toEqual([
      'cham-cong-01.crt: -----BEGIN CERTIFICATE-----',
      'cham-cong-01.key: -----BEGIN PRIVATE KEY-----',
      'vonggac-ca.crt: -----BEGIN CERTIFICATE-----',
    ])
    await expectAccessible(page, 'a certificate')
    await takePicture(page, 'onboarding-certificate')
    await page.getByTestId('kept').click()
    expect(await page.getByTestId('issued-certificate').textContent()).toContain('Đang dùng được')
  })

  it('leads from a line that nobody reads to the editor, with the line', async () => {
    const line = '<13>1 2026-11-22T10:00:00+07:00 cc-01 chamcong - - - vào cửa số 3'
    const send = async () => {
      const socket = connect(platform.ports.syslog, '127.0.0.1')
      await once(socket, 'connect')
      socket.end(`${line}\n`)
      await once(socket, 'close')
    }
    // What came before the collector knew the source is nobody's: send until it is the source's.
    await expect
      .poll(
        async () => {
          if ((await page.getByTestId('unread').count()) === 0) await send()
          return stateOf('parsed')
        },
        { interval: 2_500 },
      )
      .toBe('problem')
    await page.getByTestId('unread').waitFor()
    expect(await page.getByTestId('unread').textContent()).toContain('vào cửa số 3')
    await expectAccessible(page, 'a source that is not read')
    await takePicture(page, 'onboarding-unread')
    await page.getByTestId('fix-parser').click()
    await page.waitForURL('**/parsers/nginx?source=cham-cong-01')
    await expect.poll(() => page.getByTestId('parser-samples').inputValue()).toContain(line)
    await page.getByText(/^Đọc được 0\/\d+ dòng$/).waitFor()
    await takePicture(page, 'parser-unread')
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})

describe('a parser of the agency’s own, in a browser', () => {
  const yaml = (time: string) =>
    [
      'description: Máy chấm công',
      'dataset: chamcong.event',
      'logsource: { product: chamcong }',
      'steps:',
      "  - dissect: { pattern: '%{time} %{event.action} user=%{user.name} ip=%{source.ip}' }",
      `  - date: { field: time, formats: [${time}] }`,
      '  - convert: { fields: { source.ip: ip } }',
      '',
    ].join('\n')

  it('is written without a mouse, tried while it is written, and its mistake has a line', async () => {
    await page.goto(`${platform.url}/parsers`)
    await page.getByTestId('parser-row').first().waitFor()
    await page.getByTestId('new-parser').focus()
    await page.keyboard.press('Enter')
    await page.getByTestId('parser-samples').fill('2026-11-22T10:00:00+07:00 vao user=an ip=10.20.1.7\nkhông đúng dạng')
    await page.getByTestId('parser-yaml').fill(yaml('no-such-format'))
    await page.getByTestId('parser-mistake').filter({ hasText: 'Dòng 6' }).waitFor()
    await expectAccessible(page, 'a parser with a mistake')
    await takePicture(page, 'parser-mistake')
    await page.getByTestId('parser-yaml').fill(yaml('rfc3339'))
    await page.getByText('Đọc được 1/2 dòng').waitFor()
    const [read, unread] = [page.getByTestId('trial-event').first(), page.getByTestId('trial-event').nth(1)]
    expect(await read.textContent()).toContain('user.namean')
    expect(await unread.getAttribute('data-unread')).toBe('true')
    await expectAccessible(page, 'a parser that reads')
    await takePicture(page, 'parser-trial')
  })

  it('is saved, and changed', async () => {
    const form = page.getByTestId('parser-form')
    await form.getByLabel('Tên', { exact: true }).fill('cham-cong')
    await form.getByLabel('Cơ quan').click()
    await page.getByRole('option', { name: 'Cổng thông tin công dân' }).click()
    await page.getByTestId('save-parser').click()
    await page.waitForURL('**/parsers/cham-cong')
    const text = page.getByTestId('parser-yaml')
    await expect.poll(() => text.inputValue()).toContain('Máy chấm công')
    await text.focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('# hết')
    await page.getByTestId('save-parser').click()
    await expect.poll(() => page.getByTestId('save-parser').isDisabled()).toBe(true)
    await page.goto(`${platform.url}/parsers?origin=agency`)
    await page.getByTestId('parser-row').filter({ hasText: 'cham-cong' }).waitFor()
    await takePicture(page, 'parser-list')
  })

  it('begins as a copy of one of the product', async () => {
    await page.goto(`${platform.url}/parsers/nginx`)
    await page.getByTestId('copy-parser').click()
    expect(await page.getByTestId('parser-form').getByLabel('Tên', { exact: true }).inputValue()).toBe('nginx-2')
    await expectAccessible(page, 'a copy of a parser')
    await takePicture(page, 'parser-copy')
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})
