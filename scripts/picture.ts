/**
 * Makes the picture of the README: the summary of a plan, rendered with GitHub's style in Chromium. `npm run picture` needs
 * Chromium (Debian: `apt-get install chromium`), at `CHROMIUM` where it is not `/usr/bin/chromium`.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { marked } from 'marked'
import { chromium } from 'playwright-core'
import { ROOT, runAction } from '../sandbox/runner.ts'
import { startSandbox } from '../sandbox/server.ts'

const MANIFEST = `profiles:
  orders-sms:
    title: GH Orders SMS
    http_method: POST
    url: https://hooks.example.com/kaleyra/sms
    channel: sms
    events: [SMS-sent]
    headers: { authorization: "Bearer \${{ env.HOOK_TOKEN }}" }
    body: { id: "<id>", status: "<status>" }
  payments:
    title: GH Payments
    previous_titles: [GH Billing]
    http_method: POST
    url: https://hooks.example.com/\${{ env.STAGE }}/payments
    body: { id: "<id>", message: "<message>" }
  status:
    title: GH WhatsApp Status
    http_method: GET
    url: https://hooks.example.com/wa?to=<mobile>
  legacy:
    title: GH Legacy
    state: absent
`
const WIDTH = 860

/** The summary that the action writes of a plan with one profile of each kind. */
async function summary(): Promise<string> {
  const sandbox = await startSandbox()
  const { store, options, url } = sandbox
  store.seed({
    title: 'GH Billing',
    url: 'https://hooks.example.com/billing',
    body: { id: '<id>', text: '<message>' },
  })
  store.seed({
    title: 'GH WhatsApp Status',
    http_method: 'GET',
    url: 'https://hooks.example.com/wa?to=<mobile>',
  })
  store.seed({ title: 'GH Legacy' })
  const result = await runAction({
    inputs: { mode: 'plan', 'api-key': options.apiKey, sid: options.sid, 'api-url': url },
    env: { HOOK_TOKEN: 'token-of-the-picture', STAGE: 'production' },
    files: { '.github/callback-profiles.yml': MANIFEST },
  })
  await sandbox.close()
  return result.summary
}

const { resolve } = createRequire(import.meta.url)
const html = await marked.parse((await summary()).replace('<details>', '<details open>'))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
for (const theme of ['light', 'dark']) {
  const style = await readFile(resolve(`github-markdown-css/github-markdown-${theme}.css`), 'utf8')
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 100 }, deviceScaleFactor: 2 })
  await page.setContent(
    `<!doctype html><style>${style} body { margin: 0 } article { padding: 24px }</style><article class="markdown-body">${html}</article>`,
  )
  await page.locator('article').screenshot({ path: join(ROOT, 'docs', `summary-${theme}.png`) })
}
await browser.close()
