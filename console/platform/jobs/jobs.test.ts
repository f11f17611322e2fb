import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere, type Scheme, type Width } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'

const job = (at: number, state: string) => ({
  jobId: `00000000-0000-4000-8000-00000000000${at}`,
  name: at === 1 ? 'know.attributes.compute' : 'trust/playbook effect',
  key: at === 3 ? '2026-03-02T03:00:00.000Z' : `night ${at}`,
  state,
  attempts: 1,
  cancelAsked: false,
  progress: state === 'running' ? { done: 40, total: 100 } : null,
  result: state === 'done' ? { customers: 1000 } : null,
  error: state === 'failed' ? 'the store was away' : null,
  createdAt: `2026-03-02T0${at}:00:00.000Z`,
  endedAt: state === 'running' ? null : `2026-03-02T0${at}:10:00.000Z`,
})
const jobs = [job(1, 'running'), job(2, 'done'), job(3, 'failed')]
const messages = [
  {
    customerId: 17,
    version: 3,
    sequence: 1,
    subscription: 'know.events.project',
    type: 'know.event.taken',
    attempts: 9,
    setAsideAt: '2026-03-02T07:00:00.000Z',
  },
]

describe.runIf(hasBrowser)(`the work that goes on by itself${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  test('the duty manager stops a job and gives a message again that a part of the system had refused', async () => {
    const page = await it.open()
    await it.signIn(page, 'dag')
    const told: string[] = []
    await page.route('**/api/platform/**', (route) => {
      const [method, url] = [route.request().method(), new URL(route.request().url()).pathname]
      if (method !== 'GET') {
        told.push(`${method} ${url} ${route.request().postData() ?? ''}`.trim())
        return route.fulfill({ json: { done: true } })
      }
      return route.fulfill({ json: url.endsWith('/jobs') ? { jobs } : { messages } })
    })
    await it.go(page, '/platform/jobs')
    await page.getByText('Attributes are computed').click()
    await page.getByText('know.attributes.compute').waitFor()
    await it.shot(page, 'jobs-inspector')
    await page.getByRole('button', { name: 'Stop this job' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop this job' }).click()
    await page.getByText('The job is told to stop.').waitFor()
    await page.getByRole('button', { name: 'Close the details' }).click()
    await page.getByRole('button', { name: 'Give again' }).last().click()
    await page.getByText('The message is given again.').waitFor()
    expect(told).toEqual([
      `PUT /api/platform/jobs/${jobs[0]!.jobId}/cancellation`,
      'POST /api/platform/outbox/set-aside {"customerId":17,"version":3,"sequence":1,"subscription":"know.events.project"}',
    ])
    expect(it.complaints()).toEqual([])
  })

  test.each<[Scheme, Width]>([
    ['light', 'wide'],
    ['dark', 'narrow'],
  ])('with nothing to show, in %s and %s, it says what will be here; axe finds nothing', async (scheme, width) => {
    const page = await it.open({ scheme, width })
    await it.signIn(page, 'ada')
    await it.go(page, '/platform/jobs')
    await page.getByText('No message is set aside').waitFor()
    await it.shot(page, `jobs-empty-${scheme}-${width}`)
    expect(await it.axe(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  })
})
