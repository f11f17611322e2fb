import { type Books, balanceOn } from './books.ts'
import { dateOf } from './days.ts'
import type { Business, Holding, Owner, Person } from './model.ts'
import { TOWNS } from './names.ts'

/** The files about people and what they hold, each with its columns in order. A debt is written with side D. */
export const MASTERS = {
  customers:
    'customer,kind,stage,given_name,family_name,full_name,birth_on,sex,email,phone,address_line,postcode,city,country,language,branch_code,household,since_on,left_on',
  holdings:
    'holding,owner,product,status,opened_on,closed_on,currency,balance,side,balance_on,limit,rate_bp,term_months,instalment,matures_on,arrears_since_on,pays_in_full,activated,rate_fixed_until,ended_by',
  roles: 'holding,customer,role,authority,share_bp,from_on,to_on',
  relations: 'customer,other_customer,relation,from_on,to_on',
  standings: 'customer,standing,reason,from_on,to_on',
  consents: 'customer,purpose,channel,state,at,evidence',
} as const
export type Master = keyof typeof MASTERS

/** Takes one row of a master file; `cents` is what the file's control sum adds up. */
export type Put = (master: Master, row: string, cents?: number) => void

const date = (day: number): string => (day === 0 ? '' : dateOf(day))

/** All master rows of some customers: people, holdings, roles, relations, standings and consents. */
export function putMasters(books: Books, put: Put): void {
  const { block } = books
  for (const person of [...block.persons, ...block.former]) putPerson(person, put)
  for (const business of block.businesses) putBusiness(business, put)
  for (const holding of block.holdings) {
    putHolding(books, holding, put)
    for (const owner of holding.owners) putRole(holding, owner, put)
  }
}

function putPerson(person: Person, put: Put): void {
  const place = TOWNS[person.town]!
  put(
    'customers',
    [
      person.externalId,
      'person',
      person.left === 0 ? 'customer' : 'former',
      person.given,
      person.family,
      `${person.given} ${person.family}`,
      dateOf(person.born),
      person.sex === 'f' ? 'female' : 'male',
      person.email,
      person.phone,
      person.street,
      `${place.postcode}${String(100 + (person.household % 90))}`,
      place.town,
      'DE',
      person.language,
      String(person.branch).padStart(3, '0'),
      `H${person.household}`,
      dateOf(person.since),
      date(person.left),
    ].join(','),
  )
  // Each pair once: the other side's word for it follows from this one.
  if (person.partner && person.externalId < person.partner.externalId) relate(put, person, person.partner, 'partner', 0)
  for (const guardian of person.guardians) {
    relate(put, guardian, person, 'guardian', person.born)
    relate(put, guardian, person, 'parent', person.born)
  }
  for (const { standing, from, to } of person.standings) {
    put(
      'standings',
      [person.externalId, standing, REASONS[standing] ?? 'core banking', dateOf(from), date(to)].join(','),
    )
  }
  for (const { purpose, channel, given, day } of person.consents) {
    put(
      'consents',
      [
        person.externalId,
        purpose,
        channel,
        given ? 'given' : 'withdrawn',
        `${dateOf(day)}T10:00:00Z`,
        `form C-${day}`,
      ].join(','),
    )
  }
}

const REASONS: Record<string, string> = {
  deceased_notified: 'death certificate received',
  bereaved: 'partner died',
  complaint_open: 'complaint desk',
  stretched: 'returned debit',
  support_need: 'told us how we can help',
  forborne: 'payment plan agreed',
  represented: 'power of attorney on file',
  staff: 'employee',
}

function relate(put: Put, one: Person, other: Person, relation: string, from: number): void {
  const since = from === 0 ? Math.max(one.since, other.since) : from
  put('relations', [one.externalId, other.externalId, relation, dateOf(since), ''].join(','))
}

function putBusiness(business: Business, put: Put): void {
  const { owner } = business
  const place = TOWNS[owner.town]!
  put(
    'customers',
    [
      business.externalId,
      'business',
      'customer',
      '',
      '',
      business.name,
      '',
      '',
      '',
      '',
      owner.street,
      `${place.postcode}${String(100 + (owner.household % 90))}`,
      place.town,
      'DE',
      owner.language,
      String(owner.branch).padStart(3, '0'),
      '',
      dateOf(business.since),
      '',
    ].join(','),
  )
  const relation = business.soleTrader ? 'owner' : 'director'
  put('relations', [owner.externalId, business.externalId, relation, dateOf(business.since), ''].join(','))
}

const LENT = new Set(['loan', 'mortgage'])

function putHolding(books: Books, holding: Holding, put: Put): void {
  const { bank } = books
  const yesterday = bank.today - 1
  const closed = holding.closed !== 0 && holding.closed <= yesterday
  const valued = holding.kind !== 'insurance'
  const cents = valued ? balanceOn(books, holding) : 0
  const fixed = holding.kind === 'mortgage' ? holding.opened + 3652 : 0
  put(
    'holdings',
    [
      holding.number,
      holding.business || holding.owners[0]!.person.externalId,
      holding.product,
      closed ? 'closed' : 'open',
      dateOf(holding.opened),
      closed ? dateOf(holding.closed) : '',
      'EUR',
      valued ? Math.abs(cents) : '',
      cents < 0 ? 'D' : 'C',
      valued ? dateOf(yesterday) : '',
      holding.limitCents || '',
      holding.rateBp || '',
      holding.termMonths || '',
      holding.instalmentCents || '',
      date(holding.matures),
      date(holding.arrearsSince),
      holding.kind === 'card' ? (holding.revolving ? 'no' : 'yes') : '',
      holding.kind === 'card' ? (holding.activated ? 'yes' : 'no') : '',
      date(fixed > yesterday ? fixed : 0),
      closed && LENT.has(holding.kind) ? 'repaid' : '',
    ].join(','),
    cents,
  )
}

function putRole(holding: Holding, owner: Owner, put: Put): void {
  const { person, role, authority, shareBp, from, to } = owner
  if (holding.business) {
    put('roles', [holding.number, holding.business, 'owner', 'sole', 10_000, dateOf(from), ''].join(','))
    put('roles', [holding.number, person.externalId, 'director', 'sole', 0, dateOf(from), ''].join(','))
    return
  }
  const since = Math.max(from, holding.opened)
  put('roles', [holding.number, person.externalId, role, authority, shareBp, dateOf(since), date(to)].join(','))
  if (role === 'attorney') relate(put, person, holding.owners[0]!.person, 'attorney', since)
}
