/** Everything that people do in the console, without a mouse: each step is a key, and the focus is never lost. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobs } from '#app/modules'
import { giveFile, kinds as sourceKinds, sourceOf } from '#know/sources'
import { runDue } from '#platform/jobs'
import { ALL, ENTRIES, PEOPLE_FILE } from '#test/bank-files'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { type Keys, keysOf } from '#test/keys'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { changePassword, createPerson, ROLES, signIn, systemActor } from '#trust/access'
import { type Follower, followPlaybook, registerKinds } from '#trust/playbook'

const PASSWORD = 'the river is high in spring'
const actor = systemActor('test')
/** The feed on which an alert of the small playbook rests. */
const TRANSACTIONS = { ...ENTRIES, id: 'transactions', file: 'transactions*.csv' }

describe.runIf(hasBrowser)(`the console by keyboard alone${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let server: Follower
  let folder: string
  let page: Page
  let keys: Keys
  let draft = ''

  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    folder = await mkdtemp(join(tmpdir(), 'clientele-keys-'))
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    registerKinds(...sourceKinds)
    await runPlaybook(bank.rt, [
      ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
      ...ALL,
      TRANSACTIONS,
    ])
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, full_name, given_name, family_name, birth_on, branch_code)
             select 1000 + n, 'Marta Lindner ' || n, 'Marta', 'Lindner ' || n, '1990-05-05', '0017' from generate_series(1, 40) n`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             select 1000 + n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 40) n`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             select 1000 + n, n, 'owner', 'sole', 10000, '2020-01-01', 1000 + n from generate_series(1, 40) n`
    const path = join(folder, 'people-2.csv')
    await writeFile(path, `${PEOPLE_FILE}40;Slash;01/02/1990;\n`)
    await giveFile(bank.rt, { source: await sourceOf(bank.rt, 'people'), path, actor })
    const asked = { customerId: 1001, channel: 'app', placement: 'app_home' }
    await it.http.call('POST', '/api/decide/decisions', { as: it.http.key, body: asked })
    // One person with every role sees every page; what takes two is confirmed by Otto or Dunja.
    const { oneTimePassword } = await createPerson(
      bank.rt,
      { login: 'marga', name: 'Marga Roth', roles: [...ROLES], units: [{ kind: 'bank', code: '*' }] },
      actor,
    )
    const session = await signIn(bank.rt, { login: 'marga', password: oneTimePassword })
    await changePassword(bank.rt, { current: oneTimePassword, next: PASSWORD }, session.actor)
    server = await followPlaybook(bank.rt, { name: 'counter-hall' })
    page = await it.open()
    keys = keysOf(page)
  }, 240_000)
  afterAll(async () => {
    await server?.close()
    await it?.close()
    await bank?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  /** Another person's window, and their keys. */
  const as = async (login: string, path: string): Promise<{ page: Page; keys: Keys }> => {
    const other = await it.open()
    await it.signIn(other, login)
    await it.go(other, path)
    return { page: other, keys: keysOf(other) }
  }
  /** To another page, by the navigation. */
  const goTo = async (title: string, of = { page, keys }): Promise<void> => {
    await of.keys.enter('link', title)
    await of.page.getByRole('heading', { name: title, level: 1 }).waitFor()
    await of.keys.stands()
  }
  const dialog = (of = page) => of.getByRole('dialog')
  /** A dialog stands, and the focus is in it: whoever is quicker than that walks the page behind it. */
  const opened = async (of = page): Promise<void> => {
    await dialog(of).waitFor()
    await expect
      .poll(() => of.evaluate(`document.activeElement?.closest('[role="dialog"]') != null`), { timeout: 20_000 })
      .toBe(true)
  }
  const closed = (of = page) => dialog(of).waitFor({ state: 'detached' })

  test('signing in', async () => {
    await it.go(page, '/')
    await keys.to('textbox', 'Login')
    await keys.type('marga')
    await keys.to('textbox', 'Password')
    await keys.type(PASSWORD)
    await keys.press('Enter')
    await page.getByRole('heading', { name: 'Hello Marga Roth' }).waitFor()
  })

  test('finding a customer from anywhere, and who they are', async () => {
    await keys.press('Control+k')
    await page.getByPlaceholder('Customers, actions, segments').waitFor()
    await keys.type('Lindner 1')
    await page
      .getByRole('button', { name: /^Marta Lindner 1/ })
      .first()
      .waitFor()
    await keys.press('ArrowDown', 'Enter')
    await page.getByRole('heading', { name: /^Marta Lindner 1/ }).waitFor()
    await closed()
    await keys.stands()
    await keys.press('Control+k')
    await opened()
    await keys.press('Escape')
    await closed()
    await keys.stands()
  })

  test('why a customer was offered something, what one other fact would change, and the decision made again', async () => {
    await goTo('Decisions')
    await keys.to('textbox', 'Decision or customer')
    await keys.type('1001')
    await keys.press('Enter')
    await page.getByRole('grid').waitFor()
    await keys.to('grid', /^Decisions/)
    await keys.press('ArrowDown', 'Enter')
    await page.getByRole('heading', { name: 'Why this was decided' }).waitFor()
    await keys.to('tab', 'Why')
    await keys.press('ArrowRight', 'ArrowRight')
    await keys.stands('What if')
    await keys.to('combobox', 'Fact')
    await keys.type('small')
    await page.getByRole('option').first().waitFor()
    await keys.press('ArrowDown', 'Enter')
    await keys.to('textbox', 'And if it were')
    await keys.press('Control+a')
    await keys.type('0')
    await keys.press('Enter')
    await page
      .getByRole('status')
      .filter({ hasText: /change|same/i })
      .first()
      .waitFor()
    await keys.stands()
    await keys.enter('button', 'Make it again')
    await page.getByText('The same to the last byte').first().waitFor()
    await keys.stands()
  })

  test('a rule for a new segment: written, counted and saved in a draft', async () => {
    await goTo('Segments')
    await keys.enter('link', 'New segment')
    await page.getByRole('heading', { name: 'New segment', level: 1 }).waitFor()
    await keys.enter('button', 'Condition')
    await keys.to('combobox', 'Attribute')
    await keys.press('Control+a')
    await keys.type('Age')
    await page.getByRole('option', { name: /^Age/ }).first().waitFor()
    await keys.press('ArrowDown', 'Enter')
    await keys.to('combobox', 'Comparison')
    await keys.press('ArrowDown')
    await page.getByRole('option', { name: /least/ }).waitFor()
    await keys.type('at least')
    await keys.press('Enter')
    await keys.to('textbox', 'Value')
    await keys.press('Control+a')
    await keys.type('30')
    await page.locator('[data-count-of]:not([data-count-of=""])').filter({ hasText: /\d/ }).waitFor()
    await keys.enter('button', 'Save as a draft')
    await opened()
    await keys.to('textbox', 'Name')
    await keys.type('Thirty and over')
    await keys.to('textbox', /^Why/)
    await keys.type('The spring campaign speaks to them.')
    await keys.enter('button', 'Save as a draft')
    await page.getByText('The draft is saved.').waitFor()
    await keys.press('Escape')
    await closed()
    await keys.stands()
  })

  test('a draft: begun, a document changed, its effect tried, a review asked for', async () => {
    await goTo('Playbook')
    await keys.enter('button', 'Begin a draft')
    await opened()
    await keys.type('Fewer, better offers')
    await keys.press('Tab')
    await keys.type('Complaints from branches.')
    await keys.enter('button', 'Begin')
    await page.getByText('This draft changes nothing yet').waitFor()
    await closed()
    await keys.stands()
    draft = new URL(page.url()).pathname
    await keys.enter('button', 'Change a document')
    await opened()
    await keys.type('Who is offered a Goal')
    await page.getByRole('option', { name: /Who is offered a Goal Saver/ }).waitFor()
    await keys.press('ArrowDown', 'Enter')
    await keys.enter('button', 'Edit')
    await page.getByRole('textbox', { name: 'Title', exact: true }).waitFor()
    await keys.to('radio', /^Form/)
    await keys.press('ArrowRight')
    await keys.to('textbox', 'The document in YAML')
    const text = page.getByLabel('The document in YAML')
    const before = await text.inputValue()
    await keys.press('Control+Home')
    const lines = before.slice(0, before.indexOf('>= 3')).split('\n')
    for (const _ of lines.slice(1)) await keys.press('ArrowDown')
    await keys.press('Home')
    for (const _ of `${lines.at(-1)}>= `) await keys.press('ArrowRight')
    await keys.press('Delete')
    await keys.type('5')
    expect(await text.inputValue()).toBe(before.replace('>= 3', '>= 5'))
    await page.getByText(/no errors/).waitFor()
    await keys.enter('button', 'Save in the draft')
    await page.getByText('Saved.', { exact: true }).waitFor()
    await keys.stands()
    await keys.enter('link', 'Back to the draft')
    await keys.enter('button', 'Try the whole base')
    await page.getByText('Waits for its turn').waitFor()
    await runDue(bank.rt, jobs)
    await page
      .getByText(/of 4\d customers/)
      .first()
      .waitFor()
    await keys.enter('button', 'Ask for a review')
    await page.getByText('asked for a review').waitFor()
    await keys.stands()
  }, 120_000)

  test('a second person approves and activates it; the first takes it back', async () => {
    const otto = await as('otto', '/')
    await otto.keys.enter('link', 'Fewer, better offers')
    await otto.keys.enter('button', 'Approve')
    await otto.page.getByText('ready', { exact: true }).waitFor()
    await otto.keys.enter('button', 'Activate')
    await opened(otto.page)
    await otto.keys.enter('button', 'Activate')
    await otto.page.getByText('This draft runs as revision 2.').waitFor()
    await closed(otto.page)
    await otto.keys.stands()
    await otto.page.context().close()
    await it.go(page, draft)
    await keys.enter('button', 'Undo this change')
    await opened()
    await keys.to('textbox', /^Reason/)
    await keys.type('The branches were right.')
    await keys.enter('button', 'Make the draft')
    await page.getByRole('heading', { name: 'Undo: Fewer, better offers' }).waitFor()
    await closed()
    await keys.stands()
  }, 120_000)

  test('everything is stopped, and started again by two', async () => {
    await goTo('Emergency stop')
    await keys.enter('button', 'Stop something')
    await opened()
    await keys.to('radio', 'Action')
    await keys.press('ArrowDown', 'ArrowDown', 'ArrowDown')
    await keys.to('textbox', /^Why/)
    await keys.type('A wrong rate stands in the letter.')
    await keys.to('textbox', /^Type STOP/)
    await keys.type('STOP')
    await keys.press('Enter')
    await page.getByRole('status').filter({ hasText: 'Everything is stopped' }).waitFor()
    await closed()
    await keys.stands('Stop something')
    await keys.enter('button', 'Propose to start again')
    await opened()
    await keys.to('textbox', /^Reason/)
    await keys.type('The letter is mended.')
    await keys.enter('button', 'Propose')
    await page.getByText('Another person has to confirm it.').waitFor()
    await closed()
    await keys.stands()
    const dunja = await as('dunja', '/trust/stops')
    await dunja.keys.enter('button', 'Confirm and start again')
    await opened(dunja.page)
    await dunja.keys.enter('button', 'Start again')
    await dunja.page.getByText('Nothing is stopped').waitFor()
    await dunja.keys.stands()
    await dunja.page.context().close()
  })

  test('what a customer says about their data is recorded', async () => {
    await goTo('Consents')
    await keys.to('textbox', 'Customer number')
    await keys.type('1001')
    await keys.press('Enter')
    await page.getByRole('heading', { name: /1,?001/, level: 1 }).waitFor()
    await keys.enter('button', 'Record what they say')
    await opened()
    await keys.to('textbox', /^How/)
    await keys.type('letter of 2 March')
    await keys.press('Enter')
    await page.getByRole('grid').getByText('letter of 2 March').waitFor()
    await closed()
    await keys.stands('Record what they say')
  })

  test('a person is let in, their sessions are ended, and a system gets a key', async () => {
    await goTo('Access')
    await keys.enter('button', 'Let a person in')
    await opened()
    await keys.type('Nora Lind')
    await keys.to('textbox', /^Login/)
    await keys.type('nora.lind')
    await keys.to('textbox', /^Answers for/)
    await keys.type('branch 17')
    await keys.enter('button', 'Let in')
    await page.getByRole('textbox', { name: 'The password, once' }).waitFor()
    await opened()
    await keys.enter('button', 'I have it')
    await closed()
    await keys.stands('Let a person in')
    await keys.to('textbox', /^Filter/)
    await keys.type('Nora')
    await page.getByText(/^1 of \d+ rows/).waitFor()
    await keys.to('grid', /^People/)
    await keys.press('Enter')
    await page.getByText('Not signed in during the last week.').waitFor()
    await keys.enter('button', 'Sign out everywhere')
    await opened()
    await keys.to('textbox', /^Reason/)
    await keys.type('A lost telephone.')
    await keys.enter('button', 'Sign out everywhere')
    await closed()
    await keys.stands('Sign out everywhere')
    await keys.press('Escape')
    await page.locator('aside').waitFor({ state: 'detached' })
    await keys.stands()
    await keys.to('radio', /^People/)
    await keys.press('ArrowRight')
    await keys.enter('button', /key/i)
    await opened()
    await keys.type('The mail house')
    await keys.to('combobox', 'May')
    await keys.type('know.segments:count')
    await page.getByRole('option', { name: 'know.segments:count' }).waitFor()
    await keys.press('ArrowDown', 'Enter')
    await keys.enter('button', 'Make the key')
    await page.getByRole('button', { name: 'I have it' }).waitFor()
    await opened()
    await keys.enter('button', 'I have it')
    await closed()
    await keys.stands()
  })

  test('rows in quarantine are given again', async () => {
    await goTo('Feeds')
    await keys.enter('link', /Waiting is made of/)
    await page.getByRole('button', { name: 'Give again' }).waitFor()
    await keys.enter('button', 'Give again')
    await opened()
    await keys.enter('button', 'Give again')
    await page.getByText(/still wait/).waitFor()
    await closed()
    await keys.stands('Give again')
  })

  test('a list is filtered, sorted, kept under a name and exported', async () => {
    await goTo('Attributes')
    await keys.to('textbox', /^Filter/)
    await keys.type('month')
    await page.getByText(/^\d+ of \d+ rows/).waitFor()
    await keys.enter('button', 'Saved views')
    await keys.to('textbox', 'Name of this view')
    await keys.type('By the month')
    await keys.press('Enter')
    await page.getByRole('menuitem', { name: 'By the month' }).waitFor()
    await keys.press('Escape')
    await keys.stands('Saved views')
    const file = page.waitForEvent('download')
    await keys.enter('button', 'Export as CSV')
    expect((await file).suggestedFilename()).toBe('attributes.csv')
    await keys.stands('Export as CSV')
    await keys.enter('button', 'Name')
    await page
      .getByRole('columnheader', { name: 'Name' })
      .and(page.locator('[aria-sort=ascending], [aria-sort=descending]'))
      .waitFor()
    await keys.stands('Name')
  })

  test('signing out', async () => {
    expect(it.complaints()).toEqual([])
    await keys.enter('button', /^You: /)
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    await keys.press('ArrowDown', 'ArrowDown', 'Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
