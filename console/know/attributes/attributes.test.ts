import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computeAttributes } from '#know/attributes'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'

const DOCUMENTS = [
  {
    kind: 'attribute',
    id: 'age',
    title: 'Age',
    meaning: 'Whole years since birth',
    type: 'int',
    unit: 'years',
    source: { person: 'age_years' },
  },
  {
    kind: 'attribute',
    id: 'years_to_retirement',
    title: 'Years to retirement',
    meaning: 'Until sixty-seven',
    type: 'int',
    unit: 'years',
    personal: { purpose: 'advice' },
    source: { formula: '67 - customer.age' },
  },
  { kind: 'segment', id: 'soon', title: 'Retires soon', rule: 'customer.years_to_retirement <= 3' },
]

describe.runIf(hasBrowser)(`attributes in the console${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await runPlaybook(bank.rt, DOCUMENTS as never)
    await bank.rt.db`insert into know.customer (customer_id, full_name, birth_on) values (1, 'Henrik', '1948-01-01')`
    await computeAttributes(bank.rt, {})
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  test('each attribute tells its meaning, what it is computed from and which rules read it', async () => {
    const page = await it.open()
    await it.signIn(page, 'mina')
    await it.go(page, '/know/attributes')
    await page.getByRole('gridcell', { name: 'Years to retirement' }).click()
    const details = page.getByRole('complementary', { name: 'Years to retirement' })
    await details.getByText('Until sixty-seven').waitFor()
    await details.getByRole('link', { name: 'Retires soon' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'attribute')
    await details.getByRole('link', { name: 'Age', exact: true }).click()
    await page.getByRole('complementary', { name: 'Age' }).getByText('Whole years since birth').waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('a segment is begun from an attribute', async () => {
    const page = await it.open()
    await it.signIn(page, 'mina')
    await it.go(page, '/know/attributes?row=age')
    await page.getByRole('link', { name: 'Begin a segment with it' }).click()
    await page.getByRole('heading', { name: 'A new segment' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Expression' }).inputValue()).toBe('has(customer.age)')
    await page.locator('[data-count-of="has(customer.age)"]').getByText('1').waitFor()
  })

  test('in the dark and at 390 pixels axe finds nothing', async () => {
    const page = await it.open({ width: 'narrow', scheme: 'dark' })
    await it.signIn(page, 'mina')
    await it.go(page, '/know/attributes?row=age')
    await page.getByRole('dialog', { name: 'Age' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'attribute-narrow')
  })
})
