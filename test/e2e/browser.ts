import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** Screenshots for people to look at; git ignores them. */
const pictures = join(import.meta.dirname, '../output/screenshots')

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const quiet = ['--disable-background-networking', '--disable-component-update']

/** The system's Chromium (Debian's package `chromium`), or the one that CHROMIUM names. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: [...flags, ...quiet] })
}

/** A page whose errors fail the test that looks at them. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage()
  page.setDefaultTimeout(90_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    // What the API refuses is answered in words on the page: only what the page itself does wrong counts here.
    const refused = message.text().startsWith('Failed to load resource') && message.location().url.includes('/api/')
    if (message.type() === 'error' && !refused) errors.push(message.text())
  })
  return { page, errors }
}

/** No finding of axe-core that it calls serious or critical. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe.run())
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    where,
  ).toEqual([])
}

/** Nothing sticks out of the page to the right. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  // Whatever is still on its way in may stick out for a moment.
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth, undefined, { timeout: 10_000 })
    .catch(() => undefined)
  const [content, width, out] = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth
    const beyond = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > edge + 1)
    return [document.documentElement.scrollWidth, edge, beyond.map((element) => element.outerHTML.slice(0, 120)).slice(-5)] as const
  })
  expect(content, `${where}: width of the content, which sticks out by ${out.join('\n')}`).toBeLessThanOrEqual(width)
}

/** In which every page is looked at. */
export const looks = [
  { theme: 'light', width: 1440, language: 'vi' },
  { theme: 'dark', width: 1440, language: 'en' },
  { theme: 'dark', width: 768, language: 'vi' },
  { theme: 'light', width: 390, language: 'vi' },
  { theme: 'dark', width: 390, language: 'en' },
] as const
export type Look = (typeof looks)[number]

export async function takeLook(page: Page, { theme, width, language }: Look): Promise<void> {
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.evaluate((value) => localStorage.setItem('vonggac.language', value), language)
}

/** Goes to the page, which is to fit and to be accessible, and takes its picture. */
export async function expectGoodPage(page: Page, address: string, name: string, { theme, width, language }: Look): Promise<void> {
  const where = `${name} ${theme} ${width} ${language}`
  await page.goto(address)
  await page.locator('main h1').first().waitFor()
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
  await expectNoSidewaysScroll(page, where)
  await expectAccessible(page, where)
  await takePicture(page, where.replaceAll(' ', '-'))
}

export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}
