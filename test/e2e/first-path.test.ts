import { readFileSync } from 'node:fs'
import { streamPath } from '@vonggac/contract'
import JSZip from 'jszip'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replay } from '../../deploy/standalone/src/replay.ts'
import { administrator, type Platform } from '../support/platform.ts'
import { recordedAttack } from '../support/recorded-attack.ts'
import { expectAccessible, expectGoodPage, looks, openPage, takeLook, takePicture } from './browser.ts'
import { openConsole, type OpenedConsole } from './console.ts'

const { userName, password } = administrator

let opened: OpenedConsole
let platform: Platform
let page: Page
let errors: string[]

beforeAll(async () => {
  opened = await openConsole()
  ;({ platform, page, errors } = opened)
})
afterAll(() => opened?.close())

const alertRow = (title: string) => page.locator('[data-row-link]', { hasText: title })

describe('from the set-up link to the notice, in a browser', () => {
  it('the one-time link makes the first administrator', async () => {
    await page.goto(platform.setupLink!)
    await page.getByLabel('Họ và tên').fill('Nguyễn Thị Trực Ban')
    await page.getByLabel('Tên đăng nhập').fill(userName)
    await page.getByLabel('Mật khẩu', { exact: true }).fill(password)
    await page.getByLabel('Nhập lại mật khẩu').fill(password)
    await page.getByRole('button', { name: 'Tạo quản trị viên' }).click()
    await page.getByTestId('live-state').waitFor()
    expect(page.url(), 'the token is not left in the address bar').not.toContain('token')
  })

  it('says what to do next while nothing has arrived', async () => {
    await page.goto(`${platform.url}/sources`)
    await page.getByTestId('first-events').waitFor()
    await expectAccessible(page, 'first events')
    await takePicture(page, 'first-events')
  })

  it('an alert appears without reload while the portal is attacked', async () => {
    await page.goto(`${platform.url}/alerts`)
    await page.getByTestId('live-state').waitFor()
    await page.evaluate(() => ((globalThis as unknown as { loadedOnce: boolean }).loadedOnce = true))
    const { syslog } = platform.ports
    await replay(recordedAttack, { host: '127.0.0.1', tcpPort: syslog, udpPort: syslog }, { speed: 10 })
    await alertRow('Tấn công chèn mã SQL').first().waitFor()
    await alertRow('dòng lệnh').or(alertRow('lệnh hệ điều hành')).first().waitFor()
    await alertRow('Đăng nhập SSH thành công sau khi dò mật khẩu').first().waitFor()
    expect(await page.evaluate(() => (globalThis as unknown as { loadedOnce?: boolean }).loadedOnce)).toBe(true)
    await takePicture(page, 'alerts')
  })

  it('the alert says why in plain words', async () => {
    await alertRow('Tấn công chèn mã SQL').first().click()
    await page.getByText('Địa chỉ của yêu cầu chứa đoạn mã SQL').first().waitFor()
    expect(await page.locator('main').textContent()).toContain('203.0.113.66')
    await expectAccessible(page, 'alert')
    await takePicture(page, 'alert')
  })

  it('a correlation says what it counts, and shows its events in order', async () => {
    await page.goto(`${platform.url}/alerts`)
    await alertRow('Đăng nhập SSH thành công sau khi dò mật khẩu').first().click()
    expect(await page.getByTestId('correlation').textContent()).toContain('«Nhiều lần đăng nhập SSH thất bại» → «Đăng nhập SSH thành công»')
    expect(await page.getByTestId('alert-events').locator('ol').textContent()).toContain('Đăng nhập SSH thành công')
    await expectAccessible(page, 'correlation')
    await takePicture(page, 'correlation')
    await page.goto(`${platform.url}/alerts`)
    await alertRow('Tấn công chèn mã SQL').first().click()
  })

  it('becomes a case with the playbook’s tasks', async () => {
    await page.getByTestId('create-case').click()
    await page.getByTestId('confirm-case').click()
    await page.getByTestId('case-number').waitFor()
    expect(await page.getByTestId('case-number').textContent()).toMatch(/VG-\d{4}-0001/)
    expect(await page.getByTestId('case-task').count()).toBeGreaterThan(5)
    await takePicture(page, 'case')
  })

  it('shows what the notice still lacks, takes it, and gives a document that can be opened', async () => {
    await page.getByTestId('tab-notice').click()
    await page.getByTestId('notice-missing').waitFor()
    await takePicture(page, 'notice')
    const form = page.getByTestId('notice-form')
    const empty = form.locator('[aria-required="true"], [required]')
    const name = 'Trung tâm An ninh thông tin Thành phố'
    for (const field of await empty.all()) if ((await field.inputValue()) === '') await field.fill(name)
    await page.getByTestId('save-notice').click()
    await page.getByTestId('notice-complete').waitFor()

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('download-docx').click()])
    const zip = await JSZip.loadAsync(readFileSync(await download.path()))
    const xml = await zip.file('word/document.xml')!.async('string')
    const text = xml.replace(/<\/w:p>/g, '\n').replace(/<[^>]+>/g, '')
    expect(text).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM')
    expect(text.toUpperCase()).toContain('THÔNG BÁO SỰ CỐ')
    expect(text).toContain(name)
    expect(download.suggestedFilename()).toMatch(/\.docx$/)
  })

  it('threw no error on the way', () => expect(errors).toEqual([]))
})

describe('every page', () => {
  const hunting = ['/hunting', '/hunting/saved', '/hunting/history']
  const onboarding = ['/systems', '/sources/new', '/parsers', '/parsers/new']
  const pages = ['/', '/alerts', '/cases', ...hunting, '/rules', '/sources', ...onboarding, '/storage', '/users', '/audit']

  it.each(looks)('is accessible and fits: $theme, $width px, $language', async (look) => {
    await takeLook(page, look)
    const [alert] = ((await (await page.request.get(`${platform.url}/api/alerts?limit=1`)).json()) as { items: { id: string }[] }).items
    const [made] = ((await (await page.request.get(`${platform.url}/api/cases?limit=1`)).json()) as { items: { id: string }[] }).items
    for (const path of [
      ...pages,
      `/alerts/${alert!.id}`,
      `/cases/${made!.id}`,
      `/sources/congdan-nginx`,
      '/parsers/nginx',
      '/rules/6dfc21af-2349-43a3-9120-ae138a67b406',
    ]) {
      const [first, ...rest] = path.slice(1).split('/')
      const name = pages.includes(path) ? [first || 'overview', ...rest].join('-') : `${first}-one`
      await expectGoodPage(page, `${platform.url}${path}`, name, look)
    }
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.language)
  })
})

describe('in several tabs', () => {
  it('has one stream for all of them, which another tab takes over', async () => {
    const streams: Page[] = []
    opened.context.on('request', (request) => {
      if (new URL(request.url()).pathname === streamPath) streams.push(request.frame().page())
    })
    await page.goto(`${platform.url}/alerts`)
    const { page: second } = await openPage(opened.context)
    await second.goto(`${platform.url}/alerts`)
    for (const tab of [page, second]) await tab.locator('[data-testid="live-state"][data-state="live"]').waitFor()
    expect(streams).toEqual([page])

    const { page: third } = await openPage(opened.context)
    await third.goto(`${platform.url}/cases`)
    await third.locator('[data-testid="live-state"][data-state="live"]').waitFor()
    await page.goto('about:blank')
    await expect.poll(() => streams).toEqual([page, second])
    await third.locator('[data-testid="live-state"][data-state="live"]').waitFor()
    await second.close()
    await expect.poll(() => streams).toEqual([page, second, third])
    await third.close()
  })
})

describe('after an upgrade', () => {
  it('an open console offers to load itself anew when a part of it is gone', async () => {
    const { page: old } = await openPage(opened.context)
    await old.route(/assets\/audit-page-.*\.js/, (route) => route.fulfill({ status: 404, body: '' }))
    await old.goto(`${platform.url}/alerts`)
    await old.getByTestId('live-state').waitFor()
    await old.evaluate(() => (document.querySelector('a[href="/audit"]') as HTMLElement).click())
    await old.getByRole('button', { name: /Tải lại|Load anew/ }).waitFor()
    await old.unroute(/assets\/audit-page-.*\.js/)
    await old.getByRole('button', { name: /Tải lại|Load anew/ }).click()
    await expect.poll(() => old.locator('main h1').textContent()).toMatch(/Nhật ký kiểm toán|Audit log/)
    await old.close()
  })
})

describe('without a mouse', () => {
  it('an analyst signs in, walks the list, opens and acknowledges an alert', async () => {
    const fresh = await opened.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'vi-VN' })
    const { page: own } = await openPage(fresh)
    await own.goto(`${platform.url}/alerts`)
    await own.getByTestId('sign-in-form').waitFor()
    await own.keyboard.type(userName)
    await own.keyboard.press('Tab')
    await own.keyboard.type(password)
    await own.keyboard.press('Enter')
    await own.locator('[data-row-link]').first().waitFor()
    await own.keyboard.press('j')
    await own.keyboard.press('j')
    await own.keyboard.press('Enter')
    await own.getByTestId('create-case').waitFor()
    await own.keyboard.press('a')
    await own.getByText('Đã tiếp nhận').first().waitFor()
    expect(own.url()).toContain('/alerts/')
    await fresh.close()
  })
})
