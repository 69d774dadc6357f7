import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { expect } from 'vitest'

/** A page in a real browser, with all that it complained about or asked for. */
export interface Visit {
  readonly page: Page
  /** Console messages, script errors, violations of the Content-Security-Policy, dialogs. */
  readonly complaints: string[]
  /** URLs asked for beside the page itself. */
  readonly requests: string[]
}

/** Nothing was complained about and nothing was asked for. */
export function expectQuiet({ complaints, requests }: Visit): void {
  expect(complaints).toEqual([])
  expect(requests).toEqual([])
}

export class TestBrowser {
  readonly #browser: Browser
  readonly #folder: string

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser
    this.#folder = folder
  }

  static async start(): Promise<TestBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'chromium-'))
    const browser = await puppeteer.launch({
      executablePath: '/usr/bin/chromium',
      headless: true,
      userDataDir: join(folder, 'profile'),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    return new TestBrowser(browser, folder)
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Writes the document to a file and opens that, as a user would. */
  async open(name: string, content: string, { script = true, timeZone = 'UTC' } = {}): Promise<Visit> {
    const file = join(this.#folder, name)
    writeFileSync(file, content)
    const url = pathToFileURL(file).href
    const page = await this.#browser.newPage()
    await page.setViewport({ width: 1100, height: 900 })
    await page.setJavaScriptEnabled(script)
    await page.emulateTimezone(timeZone)
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${String(error)}`))
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`)
      dialog.dismiss().catch(() => complaints.push('dialog that could not be closed'))
    })
    page.on('request', (request) => {
      if (request.url() !== url) requests.push(request.url())
    })
    await page.evaluateOnNewDocument(
      `addEventListener('securitypolicyviolation', (event) => console.error('violation of ' + event.violatedDirective))`,
    )
    await page.goto(url)
    return { page, complaints, requests }
  }
}
