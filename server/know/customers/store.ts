import type { Db } from '#platform/postgres'
import type { Authority, Role } from './authority.ts'
import type { Search } from './search.ts'
import type { Effect, StandingName } from './standings.ts'

export interface CustomerRow {
  customerId: number
  kind: 'person' | 'business'
  stage: 'prospect' | 'customer' | 'former'
  givenName: string | null
  familyName: string | null
  fullName: string | null
  birthOn: string | null
  sex: string | null
  email: string | null
  phone: string | null
  addressLine: string | null
  city: string | null
  postcode: string | null
  country: string | null
  language: string | null
  householdId: number | null
  branchCode: string | null
  teamCode: string | null
  portfolioCode: string | null
  sinceOn: string | null
  leftOn: string | null
  source: string
  version: number
}

export interface StandingRow {
  customerId: number
  standingId: string
  standing: StandingName
  effect: Effect
  fromOn: string
  toOn: string | null
  reason: string
  source: string
  notedBy: string
  notedAt: Date
  endedBy: string | null
  endedAt: Date | null
  endReason: string | null
}

/** A holding as one person stands to it. */
export interface HeldRow {
  customerId: number
  holdingId: number
  role: Role
  authority: Authority
  shareBp: number
  roleFromOn: string
  roleToOn: string | null
  holderCustomerId: number
  product: string
  number: string | null
  /** As the source says; a closing date of today or before says more. */
  status: 'pending' | 'open' | 'closed'
  openedOn: string | null
  closedOn: string | null
  currency: string
  balanceMinor: number | null
  balanceOn: string | null
  limitMinor: number | null
  rateBp: number | null
  termMonths: number | null
  instalmentMinor: number | null
  maturesOn: string | null
  arrearsSinceOn: string | null
  details: Record<string, unknown>
}

export interface RelationRow {
  customerId: number
  otherCustomerId: number
  relation: string
  fromOn: string
  toOn: string | null
}

export const findCustomers = (db: Db, customerIds: readonly number[]): Promise<CustomerRow[]> =>
  db<CustomerRow[]>`
    select c.customer_id as "customerId", c.kind, c.stage, c.given_name as "givenName", c.family_name as "familyName",
           c.full_name as "fullName", c.birth_on as "birthOn", c.sex, c.email, c.phone, c.address_line as "addressLine",
           c.city, c.postcode, c.country, c.language, c.household_id as "householdId", c.branch_code as "branchCode",
           c.team_code as "teamCode", c.portfolio_code as "portfolioCode", c.since_on as "sinceOn", c.left_on as "leftOn",
           c.source, c.version
      from know.customer c
     where c.customer_id = any(${customerIds as number[]}::bigint[])`

/** Standings with their history: who noted them, when and why. */
export const findStandings = (db: Db, customerIds: readonly number[]): Promise<StandingRow[]> =>
  db<StandingRow[]>`
    select s.customer_id as "customerId", s.standing_id as "standingId", s.standing, s.effect, s.from_on as "fromOn",
           s.to_on as "toOn", s.reason, s.source, s.noted_by as "notedBy", s.noted_at as "notedAt",
           s.ended_by as "endedBy", s.ended_at as "endedAt", s.end_reason as "endReason"
      from know.standing s
     where s.customer_id = any(${customerIds as number[]}::bigint[])
     order by s.customer_id, s.from_on, s.standing_id`

/** Everything the people stand to in any role, visible on the date: opened by then, and the role begun by then. */
export const findHeld = (db: Db, customerIds: readonly number[], on: string): Promise<HeldRow[]> =>
  db<HeldRow[]>`
    select r.customer_id as "customerId", r.holding_id as "holdingId", r.role, r.authority, r.share_bp as "shareBp",
           r.from_on as "roleFromOn", r.to_on as "roleToOn", r.holder_customer_id as "holderCustomerId", h.product, h.number,
           h.status, h.opened_on as "openedOn", h.closed_on as "closedOn", h.currency,
           case when h.balance_on <= ${on}::date then h.balance_minor end as "balanceMinor",
           case when h.balance_on <= ${on}::date then h.balance_on end as "balanceOn",
           h.limit_minor as "limitMinor", h.rate_bp as "rateBp", h.term_months as "termMonths",
           h.instalment_minor as "instalmentMinor", h.matures_on as "maturesOn",
           case when h.arrears_since_on <= ${on}::date then h.arrears_since_on end as "arrearsSinceOn", h.details
      from know.holding_role r
      join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
     where r.customer_id = any(${customerIds as number[]}::bigint[])
       and r.from_on <= ${on}::date and h.opened_on <= ${on}::date
     order by r.customer_id, r.holding_id, r.role, r.from_on`

export const findRoles = (db: Db, holderCustomerId: number, holdingId: number): Promise<HeldRow[]> =>
  db<HeldRow[]>`
    select r.customer_id as "customerId", r.role, r.authority, r.share_bp as "shareBp", r.from_on as "roleFromOn",
           r.to_on as "roleToOn"
      from know.holding_role r
     where r.holding_id = ${holdingId} and r.holder_customer_id = ${holderCustomerId}
     order by r.from_on, r.customer_id`

/** The roles of one person over the holdings of another. */
export const findRolesOver = (db: Db, holderCustomerId: number, customerId: number) =>
  db<Pick<HeldRow, 'role' | 'authority' | 'roleFromOn' | 'roleToOn'>[]>`
    select distinct r.role, r.authority, r.from_on as "roleFromOn", r.to_on as "roleToOn"
      from know.holding_role r
      join know.holding_role o on o.holder_customer_id = r.holder_customer_id and o.holding_id = r.holding_id
     where r.customer_id = ${customerId} and o.customer_id = ${holderCustomerId} and o.role = 'owner'`

export const findRelations = (db: Db, customerId: number, on: string): Promise<RelationRow[]> =>
  db<RelationRow[]>`
    select r.customer_id as "customerId", r.other_customer_id as "otherCustomerId", r.relation, r.from_on as "fromOn",
           r.to_on as "toOn"
      from know.relation r
     where r.customer_id = ${customerId} and r.from_on <= ${on}::date and (r.to_on is null or r.to_on >= ${on}::date)
     order by r.relation, r.other_customer_id`

/** Somebody else who stands to one of a person's holdings. */
export interface HolderRow {
  holdingId: number
  customerId: number
  role: Role
  authority: Authority
}

/** Who else stands to the person's holdings on the date. */
export const findHolders = (db: Db, customerId: number, on: string): Promise<HolderRow[]> =>
  db<HolderRow[]>`
    select distinct o.holding_id as "holdingId", o.customer_id as "customerId", o.role, o.authority
      from know.holding_role r
      join know.holding_role o on o.holding_id = r.holding_id and o.holder_customer_id = r.holder_customer_id
     where r.customer_id = ${customerId} and o.customer_id <> ${customerId}
       and r.from_on <= ${on}::date and (r.to_on is null or r.to_on >= ${on}::date)
       and o.from_on <= ${on}::date and (o.to_on is null or o.to_on >= ${on}::date)
     order by o.holding_id, o.customer_id, o.role`

/** Members of the households, the person too. */
export const findHouseholdMembers = (db: Db, householdIds: readonly number[]) =>
  db<{ householdId: number; customerId: number }[]>`
    select c.household_id as "householdId", c.customer_id as "customerId"
      from know.customer c
     where c.household_id = any(${householdIds as number[]}::bigint[])
     order by c.household_id, c.customer_id`

export const findLanguages = (db: Db, customerIds: readonly number[]) =>
  db<{ customerId: number; language: string | null }[]>`
    select c.customer_id as "customerId", c.language
      from know.customer c
     where c.customer_id = any(${customerIds as number[]}::bigint[])`

export const findCustomerKey = (db: Db, source: string, externalId: string) =>
  db<{ customerId: number }[]>`
    select k.customer_id as "customerId"
      from know.customer_key k
     where k.source = ${source} and k.external_id = ${externalId}`

export const findByEmail = (db: Db, email: string) =>
  db<{ customerId: number }[]>`
    select c.customer_id as "customerId" from know.customer c where c.email is not null and lower(c.email) = lower(${email})`

export const findByPhone = (db: Db, phone: string) =>
  db<{ customerId: number }[]>`
    select c.customer_id as "customerId" from know.customer c
     where c.phone is not null and know.digits(c.phone) = know.digits(${phone})`

export const findUnits = (db: Db, customerIds: readonly number[]) =>
  db<{ customerId: number; branchCode: string | null; teamCode: string | null; portfolioCode: string | null }[]>`
    select c.customer_id as "customerId", c.branch_code as "branchCode", c.team_code as "teamCode", c.portfolio_code as "portfolioCode"
      from know.customer c
     where c.customer_id = any(${customerIds as number[]}::bigint[])`

export const findSealing = (db: Db, customerIds: readonly number[] | 'all') =>
  db<{ customerId: number; standing: 'staff' | 'vip' | 'support_need'; fromOn: string; toOn: string | null }[]>`
    select s.customer_id as "customerId", s.standing, s.from_on as "fromOn", s.to_on as "toOn"
      from know.standing s
     where ${customerIds === 'all' ? db`true` : db`s.customer_id = any(${customerIds as number[]}::bigint[])`}
       and s.standing in ('staff', 'vip', 'support_need')`

export const findHorizon = (db: Db) => db<{ asOf: string }[]>`select h.as_of as "asOf" from know.horizon h`

export const putHorizon = (db: Db, asOf: string, setBy: string, setAt: Date) =>
  db`insert into know.horizon (as_of, set_by, set_at) values (${asOf}, ${setBy}, ${setAt})
     on conflict (one) do update set as_of = excluded.as_of, set_by = excluded.set_by, set_at = excluded.set_at`

export const insertStanding = (
  db: Db,
  row: Omit<StandingRow, 'endedBy' | 'endedAt' | 'endReason'> & { notedVersion: number },
) =>
  db`insert into know.standing (customer_id, standing_id, standing, effect, from_on, to_on, reason, source, noted_by, noted_at,
                               noted_version)
     values (${row.customerId}, ${row.standingId}, ${row.standing}, ${row.effect}, ${row.fromOn}, ${row.toOn}, ${row.reason},
             ${row.source}, ${row.notedBy}, ${row.notedAt}, ${row.notedVersion})`

export const closeStanding = (
  db: Db,
  {
    customerId,
    standingId,
    toOn,
    endedBy,
    endedAt,
    endReason,
  }: Pick<StandingRow, 'customerId' | 'standingId'> & {
    toOn: string
    endedBy: string
    endedAt: Date
    endReason: string
  },
) =>
  db<{ standing: StandingName; fromOn: string }[]>`
    update know.standing s
       set to_on = greatest(${toOn}::date, s.from_on), ended_by = ${endedBy}, ended_at = ${endedAt}, end_reason = ${endReason}
     where s.customer_id = ${customerId} and s.standing_id = ${standingId} and s.ended_at is null
    returning s.standing, s.from_on as "fromOn"`

/** The bank's book per product and currency: every holding once, however many people own it. */
export const sumBook = (db: Db, on: string) =>
  db<{ product: string; currency: string; holdings: number; balanceMinor: number }[]>`
    select h.product, h.currency, count(*) as holdings,
           coalesce(sum(h.balance_minor) filter (where h.balance_on <= ${on}::date), 0)::bigint as "balanceMinor"
      from know.holding h
     where h.opened_on <= ${on}::date and (h.closed_on is null or h.closed_on > ${on}::date)
     group by h.product, h.currency
     order by h.product, h.currency`

/** Which people a text may mean; scope null is the whole bank, else any of the lists. Sealed records are left out by the caller. */
export const searchCustomers = (
  db: Db,
  asked: Search & {
    /** Where `externalId` is looked for. */
    sources: readonly string[]
    scope: { branches: readonly string[]; teams: readonly string[]; portfolios: readonly string[] } | null
    limit: number
  },
) => {
  const { branches = [], teams = [], portfolios = [] } = asked.scope ?? {}
  // Before the limit, not after it: among thousands of one name those of one's own branch are found.
  const own =
    asked.scope === null
      ? db`true`
      : db`(c.branch_code = any(${branches as string[]}) or c.team_code = any(${teams as string[]})
            or c.portfolio_code = any(${portfolios as string[]}))`
  const births = asked.births as string[] | null
  // A name and a birth date together: both must fit.
  const named = births === null ? own : db`(${own} and c.birth_on = any(${births}::date[]))`
  const bornOnly = asked.nameWords === null && asked.name === null ? births : null
  return db<{ customerId: number }[]>`
    with found as (
      (select c.customer_id from know.customer c
        where ${asked.name}::text is not null and c.family_name is not null and ${named}
          and know.fold(coalesce(c.family_name, '') || ' ' || coalesce(c.given_name, '')) like ${asked.name} limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.name}::text is not null and c.full_name is not null and ${named}
          and know.fold(c.full_name) like ${asked.name} limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.nameTurned}::text is not null and c.family_name is not null and ${named}
          and know.fold(coalesce(c.family_name, '') || ' ' || coalesce(c.given_name, '')) like ${asked.nameTurned} limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.nameWords}::text is not null and ${named}
          and know.words(coalesce(c.full_name, '') || ' ' || coalesce(c.given_name, '') || ' ' || coalesce(c.family_name, ''))
              @@ ${asked.nameWords}::text::tsquery limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.email}::text is not null and c.email is not null and ${own}
          and lower(c.email) like ${asked.email} limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.phones as string[] | null}::text[] is not null and c.phone is not null and ${own}
          and know.digits(c.phone) = any(${asked.phones as string[] | null}::text[]) limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.phoneEnd}::text is not null and c.phone is not null and ${own}
          and reverse(know.digits(c.phone)) like ${asked.phoneEnd} limit 2000)
      union (select c.customer_id from know.customer c
        where ${bornOnly}::date[] is not null and ${own} and c.birth_on = any(${bornOnly}::date[]) limit 2000)
      union (select c.customer_id from know.holding h join know.holding_role r on r.holding_id = h.holding_id
          join know.customer c on c.customer_id = r.customer_id
        where ${asked.numbers as string[] | null}::text[] is not null and h.number is not null
          and know.turned(h.number) = any(${asked.numbers as string[] | null}::text[]) and ${own} limit 2000)
      union (select c.customer_id from know.holding h join know.holding_role r on r.holding_id = h.holding_id
          join know.customer c on c.customer_id = r.customer_id
        where ${asked.numberTurned}::text is not null and h.number is not null
          and know.turned(h.number) like ${asked.numberTurned} and ${own} limit 2000)
      union (select c.customer_id from know.customer c
        where ${asked.customerNumber}::bigint is not null and c.customer_id = ${asked.customerNumber}::bigint and ${own})
      union (select c.customer_id from know.customer_key k join know.customer c on c.customer_id = k.customer_id
        where ${asked.externalId}::text is not null and k.source = any(${asked.sources as string[]}::text[])
          and k.external_id = ${asked.externalId} and ${own} limit 2000)
    )
    select c.customer_id as "customerId"
      from found join know.customer c using (customer_id)
     -- Whose own number it is stands first; a card's last four digits are many people's.
     order by c.customer_id is not distinct from ${asked.customerNumber}::bigint desc,
              know.fold(coalesce(c.family_name, c.full_name, '')), know.fold(coalesce(c.given_name, '')), c.customer_id
     limit ${asked.limit}`
}

/** The birth dates that are known. */
export const findBirthdays = (db: Db, customerIds: readonly number[]) =>
  db<{ customerId: number; birthOn: string }[]>`
    select c.customer_id as "customerId", c.birth_on as "birthOn"
      from know.customer c
     where c.customer_id = any (${customerIds as number[]}::bigint[]) and c.birth_on is not null`
