/**
 * The playbook of Riverside Bank is complete, speaks in the bank's voice, and keeps the rules for credit, advice and
 * messages that bank.md lists among its traps.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { wire } from '#app/modules'
import { testFolder } from '#trust/playbook'

// biome-ignore lint/suspicious/noExplicitAny: a test reads documents of every kind.
type Anything = any
const documents = (folder: string): Anything[] =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(import.meta.dirname, folder, name), 'utf8')))

const actions = documents('actions')
const treatments = documents('treatments')
const offers = documents('offers')
const products = documents('products')
const channels = new Map(documents('channels').map((channel) => [channel.id, channel]))
const actionOf = new Map(actions.map((action) => [action.id, action]))
const lends = new Set(products.filter(({ credit }) => credit).map(({ id }) => id))
const texts = (treatment: Anything): string[] => [...Object.values(treatment.text ?? {}), ...Object.values(treatment.subject ?? {})] as string[]
/** What the customer reads, without Liquid's own signs. */
const read = (text: string): string => text.replaceAll(/\{[{%][^}]*[}%]\}/g, ' ')

beforeAll(() => wire())

describe('the playbook is complete', () => {
  test('it has no findings, and every case of its own comes out as it says', async () => {
    const tested = await testFolder(import.meta.dirname)
    expect(tested.findings).toEqual([])
    const failed = tested.cases.flatMap(({ file, results }) => results.filter(({ passed }) => !passed).map(({ name }) => `${file}: ${name}`))
    expect(failed).toEqual([])
  })
  test('44 actions, "nothing now" among them', () => {
    expect(actions.length).toBe(44)
    expect(actions.filter(({ nothing }) => nothing).map(({ id }) => id)).toEqual(['nothing_now'])
  })
  test('34 segments, of which four are never sold to', () => {
    const segments = documents('segments')
    expect(segments.length).toBe(34)
    expect(segments.filter(({ strategy }) => strategy === 'care').length).toBeGreaterThanOrEqual(4)
  })
  test('five propositions with their ladders', () => {
    expect(documents('propositions').map(({ id }) => id).sort()).toEqual(['everyday', 'plus', 'premier', 'solo', 'start'])
  })
  test('every action has a case in which it is eligible and one in which it is not', () => {
    for (const action of actions.filter(({ nothing }) => !nothing)) {
      const ends = new Set((action.cases ?? []).map(({ expect: end }: { expect: string }) => end))
      expect([...ends].sort(), action.id).toEqual(['eligible', 'excluded'])
    }
  })
  test('every action can be said in the app, in the internet bank and at the desk, in English and German, on screens under a subject', () => {
    for (const action of actions.filter(({ nothing }) => !nothing)) {
      const own = treatments.filter((treatment) => treatment.action === action.id)
      for (const channel of ['app', 'web', 'branch']) expect(own.map((one) => one.channel), action.id).toContain(channel)
      for (const one of own.filter(({ channel }) => channel === 'app' || channel === 'web')) expect(Object.keys(one.subject ?? {}).sort(), one.id).toEqual(['de', 'en'])
      for (const treatment of own) expect(Object.keys(treatment.text ?? { en: 1, de: 1 }).sort(), treatment.id).toEqual(['de', 'en'])
    }
  })
})

describe('the bank’s voice', () => {
  test('no exclamation marks, but for the law’s own warning', () => {
    for (const treatment of treatments)
      for (const text of texts(treatment)) expect(read(text).replaceAll(/(Caution|Achtung)!/g, ''), treatment.id).not.toContain('!')
  })
  test('a message fits its channel', () => {
    for (const treatment of treatments) {
      const most = channels.get(treatment.channel)?.textCharactersMax ?? Number.POSITIVE_INFINITY
      for (const text of Object.values(treatment.text ?? {}) as string[]) expect(text.length, treatment.id).toBeLessThanOrEqual(most)
    }
  })
  test('nobody is pressed: no "only today", no "last chance", no "act now"', () => {
    for (const treatment of treatments)
      for (const text of texts(treatment)) expect(read(text), treatment.id).not.toMatch(/only today|last chance|act now|hurry|nur heute|letzte chance|jetzt zugreifen/i)
  })
})

describe('trap: credit figures', () => {
  test('an offer of credit has rate, fees, amount, APR, term, instalment, total and the warning in both languages', () => {
    const credit = offers.filter(({ product }) => lends.has(product))
    expect(credit.length).toBeGreaterThanOrEqual(3)
    for (const offer of credit) {
      for (const figure of ['rateBp', 'aprBp', 'feeMinor', 'amountMinor', 'termMonths', 'instalmentMinor', 'totalMinor']) expect(offer[figure], `${offer.id}: ${figure}`).toBeTypeOf('number')
      expect(offer.warning.en).toBe('Caution! Borrowing money costs money')
      expect(offer.warning.de).toBeTruthy()
    }
  })
  test('€10,000 over 60 months at 6.99 % costs €197.96 a month, €11,877.60 in all, APR 7.22 %', () => {
    const loan = offers.find(({ product }) => product === 'personal_loan')
    expect([loan.amountMinor, loan.termMonths, loan.rateBp, loan.aprBp, loan.instalmentMinor, loan.totalMinor]).toEqual([1_000_000, 60, 699, 722, 19_796, 1_187_760])
  })
  test('where any figure of a credit stands, the whole example and its warning do; elsewhere none', () => {
    for (const treatment of treatments) {
      const action = actionOf.get(treatment.action)
      if (!action.credit && !lends.has(action.product)) continue
      for (const text of Object.values(treatment.text ?? {}) as string[]) {
        const figures = /rateBp|aprBp|instalmentMinor|totalMinor|\d[.,]\d+ ?%/.test(text)
        if (!figures) continue
        for (const part of ['rateBp', 'aprBp', 'amountMinor', 'termMonths', 'instalmentMinor', 'totalMinor']) expect(text, `${treatment.id}: ${part}`).toContain(part)
      }
    }
  })
  test('credit is never called instant', () => {
    for (const treatment of treatments) for (const text of texts(treatment)) expect(read(text), treatment.id).not.toMatch(/instant|sofortkredit/i)
  })
})

describe('trap: unsolicited credit', () => {
  test('nothing is called pre-approved unless underwriting says so', () => {
    for (const treatment of treatments)
      for (const text of texts(treatment)) {
        if (/pre-?approved|vorab genehmigt|bereits genehmigt/i.test(read(text))) expect(offers.find(({ id }) => id === treatment.offer)?.preApproved, treatment.id).toBeTruthy()
      }
  })
  test('every action that prompts borrowing is a credit action', () => {
    for (const action of actions) if (lends.has(action.product)) expect(action.credit ?? true, action.id).not.toBe(false)
  })
})

describe('trap: tying', () => {
  test('no loan needs an insurance, and no insurance is offered in the words of a loan', () => {
    const cover = new Set(products.filter(({ family }) => /insurance|cover/.test(family)).map(({ id }) => id))
    expect(cover.size).toBeGreaterThan(0)
    for (const product of products.filter(({ credit }) => credit))
      expect((product.prerequisites ?? []).filter((id: string) => cover.has(id)), product.id).toEqual([])
  })
})

describe('trap: advice', () => {
  test('investments are offered only after a knowledge test that is still current', () => {
    const [policy] = documents('policies').filter(({ appliesTo }) => appliesTo.actions?.includes('fund_plan') && !appliesTo.issues)
    expect(JSON.stringify(policy)).toContain('knowledge_test_on')
    expect(actionOf.get('fund_plan').cases.some(({ by }: { by?: string }) => by === 'knowledge')).toBe(true)
  })
})

describe('trap: withdrawal', () => {
  test('a sale counts when the right to withdraw has lapsed', () => {
    const withdrawable = new Set(products.filter(({ withdrawalDays }) => withdrawalDays).map(({ id }) => id))
    expect(withdrawable.size).toBeGreaterThan(3)
    for (const outcome of documents('outcomes')) {
      const opened: string[] = outcome.measure.holdingOpened ?? []
      const sold = opened.filter((id) => lends.has(id) || /cover/.test(id))
      if (sold.length > 0) expect(outcome.withdrawalDays, outcome.id).toBeGreaterThanOrEqual(14)
    }
  })
})

describe('no acceptance rests in silence', () => {
  test('every action is measured by an outcome that both arms can have, or says why not', () => {
    const measured = new Set(documents('outcomes').flatMap(({ actions }) => actions))
    for (const { id, nothing, unmeasured } of documents('actions'))
      if (!nothing) expect([id, measured.has(id) !== (unmeasured !== undefined)]).toEqual([id, true])
  })
})

describe('trap: service v marketing', () => {
  test('a service, care or regulatory message holds no promotional sentence', () => {
    const promotional = /\bbonus\b|discount|save up to|special offer|rabatt|sonderangebot|nur für kurze zeit/i
    for (const treatment of treatments) {
      const cls = treatment.class ?? actionOf.get(treatment.action).class
      if (cls === 'marketing') continue
      for (const text of texts(treatment)) expect(read(text), treatment.id).not.toMatch(promotional)
    }
  })
  test('only marketing is withheld from the control group', () => {
    for (const experiment of documents('experiments')) expect(experiment.classes).toEqual(['marketing'])
  })
})

describe('trap: legal notices', () => {
  test('caps and rests bind marketing only: what the law has us say is always delivered', () => {
    for (const policy of documents('contact_policies')) for (const cap of policy.caps) expect(cap.class, cap.id).toBe('marketing')
  })
})
