import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveFile, kinds, sourceOf } from '#know/sources'
import { ALL, HEAD, PEOPLE, PEOPLE_FILE } from '#test/bank-files'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { systemActor } from '#trust/access'
import { registerKinds } from '#trust/playbook'

describe.runIf(hasBrowser)(`feeds and quarantine on screen${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  let folder: string
  const give = async (source: string, name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return giveFile(bank.rt, { source: await sourceOf(bank.rt, source), path, actor: systemActor('test') })
  }
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    folder = await mkdtemp(join(tmpdir(), 'clientele-feeds-'))
    registerKinds(...kinds)
    await runPlaybook(bank.rt, ALL)
    await give('people', 'people-1.csv', PEOPLE_FILE)
    await give(
      'people',
      'people-2.csv',
      'id;name;born;home\n40;Slash;01/02/1990;\n41;"<img src=x onerror=alert(1)>";not a day;\n42;Fine;1990-01-01;\n',
    )
    await writeFile(
      join(folder, 'entries-u.control.json'),
      JSON.stringify({ rows: 1, sum: '6.00', businessDate: '2026-03-02' }),
    )
    await give('entries', 'entries-u.csv', `${HEAD}u1;A1;20260301;5.00;IN;S;;;;;\n`)
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const shown = async (name: string, login: string, path: string, ready: string): Promise<void> => {
    for (const scheme of ['light', 'dark'] as const)
      for (const width of ['wide', 'narrow'] as const) {
        const page = await it.open({ scheme, width })
        await it.signIn(page, login)
        await it.go(page, path)
        await page.getByText(ready).first().waitFor()
        expect(await it.axe(page), `${name} ${scheme} ${width}`).toEqual([])
        await it.shot(page, `sources-${name}-${scheme}-${width}`)
        await page.context().close()
      }
  }

  test('whoever is on duty sees what came, what does not balance, and what waits for it', async () => {
    await shown('feeds', 'dag', '/know/sources', 'does not balance')
    expect(it.complaints()).toEqual([])
  })

  test('each row that waits stands there as it was, harmless whatever is in it, with why and what was expected', async () => {
    const page = await it.open()
    await it.signIn(page, 'dag')
    await it.go(page, '/know/sources?q=people-2.csv')
    await page.getByRole('link', { name: /What Waiting is made of/ }).click()
    await page.getByRole('grid', { name: /Rows that wait/ }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('The row as it was').last().waitFor()
    await page.locator('pre', { hasText: '<img src=x onerror=alert(1)>' }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'sources-row')
    expect(it.complaints()).toEqual([])
  })

  test('when the mapping was mended the rows are given again, and the result is told', async () => {
    await runPlaybook(bank.rt, [
      { ...PEOPLE, fields: { ...PEOPLE.fields, birth_on: { date: 'born', format: 'DD/MM/YYYY' } } },
      ...ALL.slice(1),
    ])
    const page = await it.open()
    await it.signIn(page, 'dag')
    await it.go(page, '/know/sources?q=people-2.csv')
    await page.getByRole('link', { name: /What Waiting is made of/ }).click()
    await page.getByRole('button', { name: 'Give again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Give again' }).click()
    await page.getByText(/1 still wait/).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'sources-again')
    const [row] = await bank.rt.db`select birth_on from know.customer where full_name = 'Slash'`
    expect(row!.birth_on).toBe('1990-02-01')
  })

  test('an administrator sees the feeds but not the rows, which hold personal data', async () => {
    const page = await it.open()
    await it.signIn(page, 'ada')
    await it.go(page, '/know/sources?q=people-2.csv')
    await page.getByRole('grid').getByText('people-2.csv').click()
    await page.getByText('The rows hold personal data').waitFor()
  })
})
