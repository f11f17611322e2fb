import { open, type Register, soleOwner } from './accounts.ts'
import { ageOn, dayOf, firstOf, monthOf, monthsLater } from './days.ts'
import { instalmentOf } from './holdings.ts'
import { levelsOf, settleLoan } from './levels.ts'
import type { Bank, Block, Business, Holding, Income, Owner, Person } from './model.ts'
import { addressOf } from './names.ts'
import { instalmentDay } from './parts.ts'
import { personOf } from './people.ts'

/** The people whose stories the bank's guides tell: always these ids, and as of today exactly these facts. */
export const PEOPLE = {
  marta: 'P90000001',
  jonas: 'P90000002',
  elif: 'P90000003',
  tom: 'P90000004',
  henrik: 'P90000005',
  sofie: 'P90000006',
  ana: 'P90000007',
  lea: 'P90000008',
  karin: 'P90000009',
} as const
export const SHOWN = Object.keys(PEOPLE).length
export const ANAS_BUSINESS = 'B90000001'

/** Block number of the shown people, beyond that of any bank; it names their streams of chance. */
const STAGE = 900_000

interface Scene {
  bank: Bank
  register: Register
  users: Map<Holding, Person[]>
  persons: Person[]
}

export function showcaseOf(bank: Bank): { block: Block; users: Map<Holding, Person[]> } {
  const scene: Scene = {
    bank,
    register: { holdings: [], first: 900_000_001 },
    users: new Map(),
    persons: [],
  }
  showMarta(scene)
  showJonas(scene)
  showElifAndTom(scene)
  showHenrik(scene)
  const businesses = [showAna(scene)]
  showLea(scene)
  const block: Block = {
    index: STAGE,
    persons: scene.persons,
    former: [],
    holdings: scene.register.holdings,
    businesses,
  }
  return { block, users: scene.users }
}

interface Part {
  key: keyof typeof PEOPLE
  given: string
  family: string
  sex: 'f' | 'm'
  age: number
  language: 'en' | 'de'
  sinceYears: number
  income?: Income
  born?: number
}

function person(scene: Scene, part: Part): Person {
  const { bank } = scene
  const slot = scene.persons.length
  const made = personOf(bank, STAGE, slot, part.age)
  const born = part.born ?? monthsLater(bank.today, -12 * part.age) - 100
  Object.assign(made, {
    externalId: PEOPLE[part.key],
    given: part.given,
    family: part.family,
    sex: part.sex,
    language: part.language,
    born,
    age: ageOn(born, bank.today),
    household: STAGE * 730 + slot,
    since: monthsLater(bank.today, -12 * part.sinceYears),
    email: addressOf(part.given, part.family, slot + 1),
    phone: `+49150000000${slot + 1}`,
    branch: 1,
    town: 0,
    state: 'core',
    spending: 0.5,
    income: part.income ?? { kind: 'none', cents: 0, employer: slot, payday: 27 },
  })
  made.activeFrom = made.since
  scene.persons.push(made)
  return made
}

function agrees(to: Person, except: readonly string[] = []): void {
  const day = to.since + 5
  for (const channel of ['email', 'sms', 'push', 'call', 'post']) {
    to.consents.push({ purpose: 'marketing', channel, given: !except.includes(channel), day })
  }
  to.consents.push({ purpose: 'payment_data', channel: 'all', given: true, day })
}

function account(scene: Scene, product: string, owners: Owner[], users: Person[], levelCents: number): Holding {
  const holding = open(scene.register, 'current', product, owners, owners[0]!.from)
  holding.levelCents = levelCents
  scene.users.set(holding, users)
  return holding
}

/** Marta, 41: five years of instalments, the last of which came a few days ago at most. */
function showMarta(scene: Scene): void {
  const income: Income = { kind: 'salary', cents: 268_000, employer: 3, payday: 27 }
  const marta = person(scene, {
    key: 'marta',
    given: 'Marta',
    family: 'Lindner',
    sex: 'f',
    age: 41,
    language: 'de',
    sinceYears: 9,
    income,
  })
  agrees(marta)
  const current = account(scene, 'everyday_account', soleOwner(marta, marta.since), [marta], 412_000)
  const { bank } = scene
  const yesterday = bank.today - 1
  // The instalment's day follows from the contract's number: take the first number whose last instalment has come.
  const last = yesterday - firstOf(monthOf(yesterday)) >= 2 ? monthOf(yesterday) : monthOf(yesterday) - 1
  const loan = open(scene.register, 'loan', 'personal_loan', soleOwner(marta, firstOf(last - 60)), firstOf(last - 60))
  loan.number = 900_100_000
  for (let tries = 19; tries >= 0; tries--) {
    loan.number = 900_100_000 + tries
    if (instalmentDay(loan, last) <= yesterday) break
  }
  loan.rateBp = 699
  loan.termMonths = 60
  loan.limitCents = 1_000_000
  loan.instalmentCents = instalmentOf(loan.limitCents, loan.rateBp, loan.termMonths)
  settleLoan(levelsOf(bank), loan)
  loan.matures = instalmentDay(loan, last)
  loan.closed = loan.matures
  loan.paidFrom = current
}

/** Jonas, 23: puts fifteen euro aside whenever something is left. */
function showJonas(scene: Scene): void {
  const income: Income = { kind: 'salary', cents: 198_000, employer: 13, payday: 28 }
  const jonas = person(scene, {
    key: 'jonas',
    given: 'Jonas',
    family: 'Weber',
    sex: 'm',
    age: 23,
    language: 'en',
    sinceYears: 4,
    income,
  })
  agrees(jonas, ['call'])
  jonas.spending = 0.1
  // He lives with his parents: no rent.
  jonas.place = 'grown'
  const current = account(scene, 'everyday_account', soleOwner(jonas, jonas.since), [jonas], 268_000)
  const saver = open(
    scene.register,
    'saver',
    'easy_saver',
    soleOwner(jonas, scene.bank.today - 420),
    scene.bank.today - 420,
  )
  saver.levelCents = 61_500
  saver.monthlyCents = -1500
  saver.rateBp = 75
  saver.paidFrom = current
}

/** Elif and Tom, a couple with a joint account: they told us that they are buying. Tom objected to marketing. */
function showElifAndTom(scene: Scene): void {
  const elif = person(scene, {
    key: 'elif',
    given: 'Elif',
    family: 'Demir',
    sex: 'f',
    age: 34,
    language: 'de',
    sinceYears: 8,
    income: { kind: 'salary', cents: 312_000, employer: 6, payday: 25 },
  })
  const tom = person(scene, {
    key: 'tom',
    given: 'Tom',
    family: 'Brandt',
    sex: 'm',
    age: 36,
    language: 'de',
    sinceYears: 7,
    income: { kind: 'salary', cents: 287_000, employer: 21, payday: 28 },
  })
  tom.household = elif.household
  tom.street = elif.street
  elif.partner = tom
  tom.partner = elif
  agrees(elif)
  for (const channel of ['email', 'sms', 'push', 'call', 'post']) {
    tom.consents.push({ purpose: 'marketing', channel, given: false, day: scene.bank.today - 200 })
  }
  tom.consents.push({ purpose: 'profiling', channel: 'all', given: false, day: scene.bank.today - 200 })
  const from = tom.since + 400
  const owner = (who: Person): Owner => ({ person: who, role: 'owner', authority: 'both', shareBp: 5000, from, to: 0 })
  const joint = account(scene, 'plus_account', [owner(elif), owner(tom)], [elif, tom], 1_240_000)
  const saver = open(scene.register, 'saver', 'easy_saver', soleOwner(elif, from + 30), from + 30)
  saver.levelCents = 5_280_000
  saver.rateBp = 75
  saver.monthlyCents = 60_000
  saver.paidFrom = joint
}

/** Henrik, 78: his daughter holds a power of attorney; yesterday he paid somebody odd. */
function showHenrik(scene: Scene): void {
  const { bank } = scene
  const henrik = person(scene, {
    key: 'henrik',
    given: 'Henrik',
    family: 'Sommer',
    sex: 'm',
    age: 78,
    language: 'en',
    sinceYears: 38,
    income: { kind: 'pension', cents: 182_000, employer: 0, payday: 1 },
  })
  const sofie = person(scene, {
    key: 'sofie',
    given: 'Sofie',
    family: 'Sommer',
    sex: 'f',
    age: 47,
    language: 'en',
    sinceYears: 20,
    income: { kind: 'salary', cents: 241_000, employer: 9, payday: 26 },
  })
  agrees(henrik, ['email', 'sms', 'push'])
  agrees(sofie)
  henrik.spending = 0.2
  const owners = [
    ...soleOwner(henrik, henrik.since),
    {
      person: sofie,
      role: 'attorney',
      authority: 'limited',
      shareBp: 0,
      from: bank.today - 300,
      to: bank.today + 700,
    } as const,
  ]
  account(scene, 'everyday_account', owners, [henrik], 690_000)
  account(scene, 'everyday_account', soleOwner(sofie, sofie.since), [sofie], 420_000)
  const saver = open(scene.register, 'saver', 'easy_saver', soleOwner(henrik, henrik.since + 100), henrik.since + 100)
  saver.levelCents = 2_160_000
  saver.rateBp = 75
  const yesterday = bank.today - 1
  henrik.life.push({ kind: 'scam', day: yesterday, size: 0, until: yesterday })
  henrik.standings.push({ standing: 'represented', from: bank.today - 300, to: 0 })
}

/** Ana, sole trader: overdrawn, a debit came back, pay has thinned. She is offered a talk, and never credit. */
function showAna(scene: Scene): Business {
  const { bank } = scene
  const ana = person(scene, {
    key: 'ana',
    given: 'Ana',
    family: 'Horvat',
    sex: 'f',
    age: 38,
    language: 'de',
    sinceYears: 11,
  })
  agrees(ana)
  const current = account(scene, 'everyday_account', soleOwner(ana, ana.since), [ana], -138_000)
  current.limitCents = 200_000
  const missed = monthsLater(bank.today, -1) - 9
  ana.life.push({ kind: 'missed_instalment', day: missed, size: 0, until: missed })
  ana.standings.push({ standing: 'stretched', from: missed + 5, to: 0 })
  const since = ana.since + 900
  const business = open(
    scene.register,
    'business',
    'business_account',
    [{ person: ana, role: 'owner', authority: 'sole', shareBp: 10_000, from: since, to: 0 }],
    since,
  )
  business.business = ANAS_BUSINESS
  business.levelCents = 86_000
  return { externalId: ANAS_BUSINESS, name: 'Keramik Horvat', soleTrader: true, owner: ana, since, account: business }
}

/** Lea: eighteen in a month; until then her mother is addressed. */
function showLea(scene: Scene): void {
  const { bank } = scene
  const born = monthsLater(bank.today, -12 * 18 + 1)
  const lea = person(scene, {
    key: 'lea',
    given: 'Lea',
    family: 'Winter',
    sex: 'f',
    age: 17,
    language: 'de',
    sinceYears: 6,
    born,
  })
  const karin = person(scene, {
    key: 'karin',
    given: 'Karin',
    family: 'Winter',
    sex: 'f',
    age: 45,
    language: 'de',
    sinceYears: 16,
    income: { kind: 'salary', cents: 236_000, employer: 4, payday: 27 },
  })
  agrees(karin)
  lea.state = 'active'
  lea.household = karin.household
  lea.street = karin.street
  lea.guardians = [karin]
  const owners: Owner[] = [
    ...soleOwner(lea, lea.since),
    { person: karin, role: 'guardian', authority: 'either', shareBp: 0, from: lea.since, to: monthsLater(born, 216) },
  ]
  account(scene, 'youth_account', owners, [lea], 34_000)
  account(scene, 'everyday_account', soleOwner(karin, karin.since), [karin], 448_000)
}

/** The bank's first day of looking is fixed in tests and guides. */
export const GUIDE_DAY = dayOf('2026-03-02')
