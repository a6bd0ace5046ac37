import type { Browser, BrowserContext, Page } from 'playwright-core'
import { administrator, Platform } from '../support/platform.ts'
import { openBrowser, openPage } from './browser.ts'

/** The whole platform, and a page of a browser that has not been anywhere yet. */
export interface OpenedConsole {
  readonly platform: Platform
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
  /** What the page complained of; a test at the end wants it empty. */
  readonly errors: string[]
  close(): Promise<void>
}

export async function openConsole(): Promise<OpenedConsole> {
  const platform = await Platform.start()
  try {
    const browser = await openBrowser()
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'vi-VN',
      colorScheme: 'light',
      // Dialogs come in softly otherwise, and half-transparent letters have no contrast.
      reducedMotion: 'reduce',
      acceptDownloads: true,
    })
    const { page, errors } = await openPage(context)
    const close = async () => {
      await browser.close()
      await platform.dispose()
    }
    return { platform, browser, context, page, errors, close }
  } catch (error) {
    await platform.dispose()
    throw error
  }
}

/** Makes the administrator, and signs in by the keyboard on the way to a page. */
export async function signInTo({ platform, page }: OpenedConsole, path: string): Promise<void> {
  await platform.signIn()
  await page.goto(`${platform.url}${path}`)
  await page.getByTestId('sign-in-form').waitFor()
  await page.keyboard.type(administrator.userName)
  await page.keyboard.press('Tab')
  await page.keyboard.type(administrator.password)
  await page.keyboard.press('Enter')
  await page.getByTestId('live-state').waitFor()
}
