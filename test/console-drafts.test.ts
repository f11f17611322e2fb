/** What two people's drafts, and an effect that is waited for, ask of the screen. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobs } from '#app/modules'
import { runDue } from '#platform/jobs'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { person, runPlaybook } from '#test/playbook'
import { eventually } from '#test/scratch'
import { smallPlaybook } from '#test/small-playbook'
import { activate, approve, review } from '#trust/playbook'

describe.runIf(hasBrowser)(`drafts of several people${notRunHere}`, () => {
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
    await bank.rt.db`insert into know.customer (customer_id, birth_on, branch_code)
                     select n, '1990-05-05', '0017' from generate_series(1, 20) n`
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
  const textOf = async (kind: string, id: string): Promise<string> =>
    (await it.http.call('GET', `/api/trust/playbook/documents/${kind}/${id}`, { as: 'sofia' })).body.text
  const begin = async (
    login: string,
    title: string,
    ...changes: [string, string, string, string][]
  ): Promise<string> => {
    const written = await Promise.all(
      changes.map(async ([kind, id, from, to]) => ({ kind, id, text: (await textOf(kind, id)).replace(from, to) })),
    )
    const body = { title, reason: 'Spring.', changes: written }
    return (await it.http.call('POST', '/api/trust/playbook/drafts', { as: login, body })).body.draftId
  }
  const writes = (page: Page) => page.getByLabel('The document in YAML')

  test('an effect that is no longer wanted is cancelled, stays so, and can be asked for again', async () => {
    const draftId = await begin('sofia', 'Fewer offers', ['policy', 'goal_saver', '>= 3', '>= 4'])
    const page = await as('sofia', `/trust/playbook/drafts/${draftId}`)
    await page.getByRole('button', { name: 'Try the whole base' }).click()
    await page.getByText('Waits for its turn').waitFor()
    await it.shot(page, 'effect-waits')
    await page.getByRole('button', { name: 'Stop this' }).click()
    await page.getByRole('status').filter({ hasText: 'nothing was kept of it' }).waitFor()
    await runDue(bank.rt, jobs)
    await page.reload()
    await page.getByRole('status').filter({ hasText: 'nothing was kept of it' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Try the whole base' }).click()
    await page.getByText('Waits for its turn').waitFor()
    await eventually(async () => {
      await runDue(bank.rt, jobs)
      return (await page.getByText(/of 20 customers/).count()) > 0
    })
    expect(it.complaints()).toEqual([])
  })

  test('an effect that is under way is stopped while it runs, and nothing of it is kept', async () => {
    const draftId = await begin('sofia', 'Even fewer offers', ['policy', 'goal_saver', '>= 3', '>= 5'])
    const page = await as('sofia', `/trust/playbook/drafts/${draftId}`)
    await page.getByRole('button', { name: 'Try the whole base' }).click()
    await page.getByText('Waits for its turn').waitFor()
    // It has decided for the first customers, and goes on only when it was told to stop.
    const held = jobs.map((job): (typeof jobs)[number] =>
      job.name === 'trust/playbook effect'
        ? {
            ...job,
            handle: (rt, payload, under) =>
              job.handle(rt, payload as never, {
                ...under,
                progress: async (said) => {
                  await under.progress(said)
                  await eventually(() => under.signal.aborted, 90_000)
                },
              }),
          }
        : job,
    )
    const running = runDue(bank.rt, held)
    await page.getByText(/20 of 20/).waitFor()
    await it.shot(page, 'effect-runs')
    expect(await it.axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Stop this' }).click()
    await page.getByRole('status').filter({ hasText: 'nothing was kept of it' }).waitFor({ timeout: 90_000 })
    await running
    await page.reload()
    await page.getByRole('status').filter({ hasText: 'nothing was kept of it' }).waitFor()
    await page.getByRole('button', { name: 'Try the whole base' }).waitFor()
    const [job] = await bank.rt.db<{ state: string; result: unknown }[]>`
      select state, result from platform.job where cancel_asked_at is not null order by created_at desc limit 1`
    expect(job).toEqual({ state: 'cancelled', result: null })
    expect(it.complaints()).toEqual([])
  })

  test('two write in one document: the second goes on writing over both, and nothing of either is lost', async () => {
    const draftId = await begin('sofia', 'A warmer tone')
    const address = `/trust/playbook/drafts/${draftId}/action/goal_saver?way=text`
    const [sofia, petra] = [await as('sofia', address), await as('petra', address)]
    const running = await textOf('action', 'goal_saver')
    const line = running.split('\n').find((each) => each.startsWith('title:'))!
    await writes(petra).fill(running.replace(line, 'title: Save for what you want'))
    await petra.getByRole('button', { name: 'Save in the draft' }).click()
    await petra.getByText('Saved.', { exact: true }).waitFor()
    const mine = running.replace('He already has one', 'Jonas already has one')
    expect(mine).not.toBe(running)
    await writes(sofia).fill(mine)
    await sofia.getByRole('button', { name: 'Save in the draft' }).click()
    const told = sofia.getByRole('region', { name: /petra changed this document/ })
    await told.getByText('title: Save for what you want').waitFor()
    await told.getByRole('button', { name: 'Go on writing; I will put both together' }).click()
    await told.waitFor({ state: 'detached' })
    expect(await writes(sofia).inputValue()).toBe(mine)
    await writes(sofia).fill(mine.replace(line, 'title: Save for what you want'))
    await sofia.getByRole('button', { name: 'Save in the draft' }).click()
    await sofia.getByText('Saved.', { exact: true }).waitFor()
    await petra.reload()
    await writes(petra).waitFor()
    const both = await writes(petra).inputValue()
    expect(both).toContain('title: Save for what you want')
    expect(both).toContain('Jonas already has one')
    expect(it.complaints()).toEqual([])
  })

  test('taking theirs leaves their text, and says that nothing is unsaved', async () => {
    const draftId = await begin('sofia', 'A colder tone')
    const address = `/trust/playbook/drafts/${draftId}/action/goal_saver?way=text`
    const [sofia, petra] = [await as('sofia', address), await as('petra', address)]
    const running = await textOf('action', 'goal_saver')
    for (const [page, words] of [
      [petra, 'Petra’s Goal Saver'],
      [sofia, 'Sofia’s Goal Saver'],
    ] as const) {
      await writes(page).fill(running.replace('Open a Goal Saver', words))
      await page.getByRole('button', { name: 'Save in the draft' }).click()
      if (page === petra) await page.getByText('Saved.', { exact: true }).waitFor()
    }
    await sofia.getByRole('button', { name: 'Take theirs' }).click()
    expect(await writes(sofia).inputValue()).toContain('Petra’s Goal Saver')
    expect(await sofia.getByRole('button', { name: 'Save in the draft' }).isDisabled()).toBe(true)
    expect(it.complaints()).toEqual([])
  })

  test('what runs has moved on under a draft: both sides are shown, and carried over the draft keeps all that was written', async () => {
    const mine = await begin('sofia', 'Only with a steady habit', ['policy', 'goal_saver', '>= 3', '>= 5'])
    const theirs = await begin('petra', 'Sooner', ['policy', 'goal_saver', '>= 3', '>= 2'])
    const { revision } = await review(bank.rt, theirs)
    const otto = person('otto')
    await activate(bank.rt, await approve(bank.rt, theirs, { revision }, otto), otto)
    const page = await as('sofia', `/trust/playbook/drafts/${mine}`)
    const panel = page.getByRole('region', { name: 'Something else was activated meanwhile' })
    await panel.getByText('admits: customer.small_savings_90d >= 2').waitFor()
    await panel.getByText('admits: customer.small_savings_90d >= 5').waitFor()
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'draft-both-sides')
    await panel.getByRole('button', { name: 'Carry over to what runs' }).click()
    await page.waitForURL((url) => /drafts\//.test(url.pathname) && !url.pathname.endsWith(mine))
    await page.getByText('Applicability › saves small sums › admits').waitFor()
    expect(await page.getByText('Something else was activated meanwhile').count()).toBe(0)
    const carried = new URL(page.url()).pathname.split('/').at(-1)!
    const { body } = await it.http.call('GET', `/api/trust/playbook/drafts/${carried}`, { as: 'sofia' })
    expect(body.conflicts).toEqual([])
    expect(body.text).toContain('>= 5')
    expect(it.complaints()).toEqual([])
  })
})
