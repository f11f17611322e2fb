import { describe, expect, test } from 'vitest'
import { wire } from '#app/modules'
import { dependenceIn } from '#know/sources'
import { type DocumentSet, readFolder, setOf } from '#trust/playbook'

/** The playbook of Riverside Bank: the core's and the card system's bookings, holdings, roles, standings, each a feed. */
async function riverside(): Promise<DocumentSet> {
  wire()
  const written = await readFolder(new URL('../playbooks/riverside', import.meta.url).pathname)
  return setOf(written.map(({ document }) => document!))
}

describe('what a rule reads came from some file, named or not', () => {
  test.each([
    [
      'what somebody earns rests on the bookings of the core and of the card system',
      'income_month_minor',
      ['card_transactions', 'transactions'],
    ],
    ['what they hold rests on holdings and on who stands how to them', 'products', ['holdings', 'roles']],
    ['what is so about them rests on the standings', 'standings', ['standings']],
    ['their age is known from before, whichever file is late tonight', 'age_years', []],
    ['what they looked at was told as it happened, by no file', 'plan_loan_on', []],
  ])('%s', async (_what, attribute, feeds) => {
    const documents = await riverside()
    const found = [...documents.get('attribute')!.keys()]
    expect(found).toContain(attribute)
    expect(
      dependenceIn(documents)
        .of([`customer.${attribute}`])
        .sort(),
    ).toEqual(feeds)
  })

  test('a formula rests on all that its attributes rest on', async () => {
    const documents = await riverside()
    const { of } = dependenceIn(documents)
    for (const document of documents.get('attribute')!.values()) {
      const { source } = document as { source?: { formula?: string } }
      const read = [...new Set([...(source?.formula ?? '').matchAll(/customer\.([a-z0-9_]+)/g)].map(([path]) => path))]
      if (read.length > 0) expect(of([`customer.${document.id}`]).sort(), document.id).toEqual(of(read).sort())
    }
  })

  test('what a rule asks of the moment rests on nothing', async () => {
    expect(dependenceIn(await riverside()).of(['context.today', 'context.channel'])).toEqual([])
  })
})
