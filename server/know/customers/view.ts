import { ageYears } from './age.ts'
import type { CustomerView } from './contract.ts'
import { type DatedStanding, effectsOf, holdsOn, type StandingEffects } from './standings.ts'
import type { CustomerRow, HeldRow, HolderRow, RelationRow, StandingRow } from './store.ts'

/** A holding's state on the date, as attributes see it: what its source says, but open until its closing date. */
export const statusOn = ({ closedOn, status }: Pick<HeldRow, 'closedOn' | 'status'>, on: string): HeldRow['status'] => {
  if (closedOn !== null && closedOn > on) return 'open'
  return status === 'open' && closedOn !== null ? 'closed' : status
}

const NOTHING_TOLD = { reason: null, source: null, notedBy: null, notedAt: null, endedBy: null, endReason: null }

const untold = (effects: StandingEffects) => ({
  ...effects,
  holding: effects.holding.map((name) => (name === 'crime_block' ? 'no_contact' : name)),
})

/** How a person or business is called; null when no name is known. */
export const nameOf = ({
  fullName,
  givenName,
  familyName,
}: Pick<CustomerRow, 'fullName' | 'givenName' | 'familyName'>): string | null =>
  fullName ?? ([givenName, familyName].filter(Boolean).join(' ') || null)

/** One customer as a screen shows them on the date. `names`: of the others on the page, as far as they may be seen. */
export function viewOf(
  person: CustomerRow & { held: HeldRow[] },
  {
    on,
    relations,
    household,
    holders,
    names,
    titles,
    standings,
  }: {
    on: string
    relations: readonly RelationRow[]
    household: readonly number[]
    holders: readonly HolderRow[]
    names: ReadonlyMap<number, string | null>
    titles: ReadonlyMap<string, string>
    standings: readonly (DatedStanding | StandingRow)[]
  },
): CustomerView {
  const { customerId, kind, stage, givenName, familyName, birthOn, sex, email, phone, addressLine, city, postcode } =
    person
  const { country, language, branchCode, teamCode, portfolioCode, sinceOn, leftOn, householdId } = person
  return {
    customerId,
    on,
    kind,
    stage: sinceOn !== null && sinceOn > on ? 'prospect' : stage,
    name: nameOf(person),
    givenName,
    familyName,
    birthOn,
    ageYears: birthOn === null ? null : ageYears(birthOn, on),
    sex,
    email,
    phone,
    addressLine,
    city,
    postcode,
    country,
    language,
    branchCode,
    teamCode,
    portfolioCode,
    // Nothing later than the date is told, not even that a relationship will begin or has ended since.
    sinceOn: sinceOn !== null && sinceOn <= on ? sinceOn : null,
    leftOn: leftOn !== null && leftOn <= on ? leftOn : null,
    householdId,
    household: household.map((id) => ({ customerId: id, name: names.get(id) ?? null })),
    relations: relations.map(({ otherCustomerId, relation, fromOn, toOn }) => ({
      customerId: otherCustomerId,
      name: names.get(otherCustomerId) ?? null,
      relation,
      fromOn,
      toOn,
    })),
    standings: standings.map((standing) => {
      const row = 'standingId' in standing ? standing : undefined
      // Nobody who may talk to the customer is told why there is no contact; the audit knows who noted it.
      if (standing.standing === 'crime_block')
        return {
          ...NOTHING_TOLD,
          standingId: row?.standingId ?? null,
          standing: 'no_contact',
          effect: standing.effect,
          fromOn: standing.fromOn,
          toOn: standing.toOn,
          holds: holdsOn(standing, on),
        }
      return {
        standingId: row?.standingId ?? null,
        standing: standing.standing,
        effect: standing.effect,
        fromOn: standing.fromOn,
        toOn: standing.toOn,
        holds: holdsOn(standing, on),
        reason: row?.reason ?? null,
        source: row?.source ?? null,
        notedBy: row?.notedBy ?? null,
        notedAt: row?.notedAt.toISOString() ?? null,
        endedBy: row?.endedBy ?? null,
        endReason: row?.endReason ?? null,
      }
    }),
    effects: untold(effectsOf(standings, on)),
    holdings: person.held.map((held) => ({
      holdingId: held.holdingId,
      product: held.product,
      productTitle: titles.get(held.product) ?? held.product,
      number: held.number,
      status: statusOn(held, on),
      role: held.role,
      authority: held.authority,
      shareBp: held.shareBp,
      roleFromOn: held.roleFromOn,
      roleToOn: held.roleToOn,
      openedOn: held.openedOn,
      closedOn: held.closedOn !== null && held.closedOn <= on ? held.closedOn : null,
      currency: held.currency,
      balanceMinor: held.balanceMinor,
      balanceOn: held.balanceOn,
      limitMinor: held.limitMinor,
      rateBp: held.rateBp,
      termMonths: held.termMonths,
      instalmentMinor: held.instalmentMinor,
      maturesOn: held.maturesOn,
      arrearsSinceOn: held.arrearsSinceOn,
      others: holders
        .filter(({ holdingId }) => holdingId === held.holdingId)
        .map((other) => ({
          customerId: other.customerId,
          name: names.get(other.customerId) ?? null,
          role: other.role,
          authority: other.authority,
        })),
    })),
  }
}
