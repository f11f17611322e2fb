/** What happens once although it was pressed twice, or sent again because the answer never came. */
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`pressed twice, or sent twice${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    await runPlaybook(
      bank.rt,
      [...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
    )
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const as = async (login: string, path: string): Promise<Page> => {
    const page = await it.open()
    await it.signIn(page, login)
    await it.go(page, path)
    return page
  }
  const draftOf = async (login: string, title: string): Promise<string> =>
    (await it.http.call('POST', '/api/trust/playbook/drafts', { as: login, body: { title, reason: 'Spring.' } })).body
      .draftId
  const changed = async (draftId: string) =>
    (await it.http.call('GET', `/api/trust/playbook/drafts/${draftId}/documents/action/goal_saver`, { as: 'sofia' }))
      .body.draft
  /** The server does what it was told next, and the answer never comes. */
  const loseOneAnswer = async (page: Page, method: string, url: RegExp): Promise<void> => {
    let lost = false
    await page.route(url, async (route: Route) => {
      if (lost || route.request().method() !== method) return route.fallback()
      lost = true
      await route.fetch()
      await route.abort('connectionreset')
    })
  }
  const title = (page: Page) => page.getByRole('textbox', { name: 'Title', exact: true })
  const save = (page: Page) => page.getByRole('button', { name: 'Save in the draft' })

  test('a document saved by a double click is saved once, and nobody is said to have changed it meanwhile', async () => {
    const draftId = await draftOf('sofia', 'A warmer tone')
    const page = await as('sofia', `/trust/playbook/drafts/${draftId}/action/goal_saver`)
    let written = 0
    page.on('request', (request) => {
      if (request.method() === 'PUT' && request.url().endsWith('/documents')) written += 1
    })
    await title(page).fill('Save for what you want')
    await save(page).dblclick()
    await page.getByText('Saved.', { exact: true }).waitFor()
    expect(written).toBe(1)
    expect(await page.getByText('Save mine over theirs').count()).toBe(0)
    expect((await changed(draftId)).text).toContain('title: Save for what you want')
    expect(it.complaints()).toEqual([])
  })

  test('a document whose answer got lost is saved again without a quarrel with oneself', async () => {
    const draftId = await draftOf('sofia', 'A lost answer')
    const page = await as('sofia', `/trust/playbook/drafts/${draftId}/action/goal_saver`)
    await loseOneAnswer(page, 'PUT', /\/drafts\/[^/]+\/documents$/)
    await title(page).fill('Save for what you love')
    await save(page).click()
    await page.getByText('this may or may not have been done').first().waitFor()
    expect((await changed(draftId)).text).toContain('title: Save for what you love')
    await save(page).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    expect(await page.getByText('Save mine over theirs').count()).toBe(0)
    await title(page).fill('Save for whom you love')
    await save(page).click()
    await expect.poll(async () => (await changed(draftId)).text, { timeout: 20_000 }).toContain('for whom you love')
    expect(it.complaints()).toEqual([])
  })

  test('a document that somebody took out meanwhile is said so, and what one wrote can be put back', async () => {
    const draftId = await draftOf('sofia', 'Taken out')
    const page = await as('sofia', `/trust/playbook/drafts/${draftId}/action/goal_saver`)
    await title(page).fill('Save first')
    await save(page).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    const other = await as('petra', `/trust/playbook/drafts/${draftId}`)
    await other.getByRole('button', { name: 'Take out' }).click()
    await other.getByText('is out of the draft').waitFor()
    await title(page).fill('Save second')
    await save(page).click()
    const told = page.getByRole('region', { name: 'Somebody took this document out of the draft meanwhile' })
    await told.waitFor()
    expect(await it.axe(page)).toEqual([])
    await told.getByRole('button', { name: 'Put mine into the draft again' }).click()
    await told.waitFor({ state: 'detached' })
    await expect.poll(async () => (await changed(draftId))?.text, { timeout: 20_000 }).toContain('title: Save second')
    expect(it.complaints()).toEqual([])
  })

  test('an approval by a double click is one approval, and no refusal frightens anybody', async () => {
    const draftId = await draftOf('sofia', 'Approved twice')
    const text = (
      await it.http.call('GET', '/api/trust/playbook/documents/action/goal_saver', { as: 'sofia' })
    ).body.text.replace(/^title: .*$/m, 'title: Goal Saver for all')
    await it.http.call('PUT', `/api/trust/playbook/drafts/${draftId}/documents`, {
      as: 'sofia',
      body: { changes: [{ kind: 'action', id: 'goal_saver', text }] },
    })
    await it.http.call('PUT', `/api/trust/playbook/drafts/${draftId}/review-request`, { as: 'sofia' })
    const page = await as('otto', `/trust/playbook/drafts/${draftId}`)
    await page.getByRole('button', { name: /^Approve/ }).dblclick()
    await page.getByText('Approved. Every server now gets ready to run it.').waitFor()
    expect(await page.getByText('That did not work').count()).toBe(0)
    expect(it.complaints()).toEqual([])
  })

  test('a draft whose answer got lost is begun once, also with another reason written the second time', async () => {
    const page = await as('sofia', '/trust/playbook')
    const begun = async (): Promise<string[]> =>
      (await it.http.call('GET', '/api/trust/playbook/drafts', { as: 'sofia' })).body.drafts
        .map((draft: { title: string }) => draft.title)
        .filter((one: string) => one.startsWith('Once'))
    await loseOneAnswer(page, 'POST', /\/api\/trust\/playbook\/drafts$/)
    await page.getByRole('button', { name: 'Begin a draft' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What changes').fill('Once')
    await dialog.getByLabel('Why').fill('Spring.')
    await dialog.getByRole('button', { name: 'Begin', exact: true }).click()
    await dialog.getByText('this may or may not have been done').waitFor()
    await dialog.getByRole('button', { name: 'Begin', exact: true }).click()
    await page.waitForURL(/playbook\/drafts\//)
    expect(await begun()).toEqual(['Once'])

    await it.go(page, '/trust/playbook')
    await page.unrouteAll()
    await loseOneAnswer(page, 'POST', /\/api\/trust\/playbook\/drafts$/)
    await page.getByRole('button', { name: 'Begin a draft' }).first().click()
    await dialog.getByLabel('What changes').fill('Once more')
    await dialog.getByLabel('Why').fill('Spring.')
    await dialog.getByRole('button', { name: 'Begin', exact: true }).click()
    await dialog.getByText('this may or may not have been done').waitFor()
    // Another text is another draft: it is not refused for a key that nobody here has heard of.
    await dialog.getByLabel('Why').fill('Summer.')
    await dialog.getByRole('button', { name: 'Begin', exact: true }).click()
    await page.waitForURL(/playbook\/drafts\//)
    expect((await begun()).sort()).toEqual(['Once', 'Once more', 'Once more'])
  })

  test('everything is stopped although the first answer got lost and the reason was corrected', async () => {
    const page = await as('dag', '/trust/stops')
    await loseOneAnswer(page, 'POST', /\/api\/trust\/stops$/)
    await page.getByRole('button', { name: 'Stop something' }).first().click()
    const dialog = page.getByRole('dialog')
    const what = dialog.getByLabel('Everything')
    await what.check()
    await dialog.getByLabel('Why').fill('A wrong rate.')
    await dialog.getByLabel(/to confirm/).fill('STOP')
    await dialog.getByRole('button', { name: 'Stop now' }).click()
    await dialog.getByText('this may or may not have been done').waitFor()
    // With another reason it is another call: the brake is never refused for a key of which nobody here has heard.
    await dialog.getByLabel('Why').fill('A wrong rate on the card.')
    await dialog.getByRole('button', { name: 'Stop now' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('status').filter({ hasText: 'Everything is stopped' }).waitFor()
    expect(it.complaints()).toEqual([])
  })
})
