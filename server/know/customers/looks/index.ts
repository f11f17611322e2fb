import { invalid, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import { type Actor, inScope, sealedAmong } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, documentsOf } from '#trust/playbook'
import type { CustomerView, SearchReply } from '../contract.ts'
import { loadPeople, membersOf, standingsOf } from '../index.ts'
import { readSearch } from '../search.ts'
import * as store from '../store.ts'
import { nameOf, viewOf } from '../view.ts'

/**
 * Shows one customer to somebody: recorded in the audit in the same transaction, with the reason given. Sealed records
 * and scope are checked by the route before this; of the others who are named on the page, those who are not the
 * actor's to see stay numbers. 404 for an unknown number.
 */
export const viewCustomer = (
  rt: Runtime,
  { customerId, actor, reason, on }: { customerId: number; actor: Actor; reason?: string; on: string },
): Promise<CustomerView> =>
  transaction(rt, async (rt) => {
    const revision = await activeRevision(rt)
    const person = (await loadPeople(rt.db, [customerId], on)).get(customerId)
    if (!person)
      throw notFound('customer_unknown', { customerId }, 'There is no customer with this number.', 'Check the number.')
    const [relations, households, holders] = await Promise.all([
      store.findRelations(rt.db, customerId, on),
      person.householdId === null ? new Map<number, number[]>() : membersOf(rt.db, [person.householdId]),
      store.findHolders(rt.db, customerId, on),
    ])
    const household = (households.get(person.householdId ?? 0) ?? []).filter((id) => id !== customerId)
    const others = [
      ...new Set([...household, ...relations.map((r) => r.otherCustomerId), ...holders.map((h) => h.customerId)]),
    ]
    const names = await namesFor(rt, actor, others)
    await record(rt, {
      actor,
      action: 'know.customers:viewed',
      customerIds: [customerId],
      ...(reason ? { reason } : {}),
    })
    const titles = new Map(documentsOf<{ id: string; title: string }>(revision, 'product').map((p) => [p.id, p.title]))
    return viewOf(person, { on, relations, household, holders, names, titles, standings: standingsOf(person) })
  })

/** The names of those among these people whom the actor may see. */
async function namesFor(
  rt: Runtime,
  actor: Actor,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
  if (ids.length === 0) return new Map()
  const [rows, sealed] = await Promise.all([store.findCustomers(rt.db, ids), sealedAmong(rt, actor, ids)])
  return new Map(
    rows.flatMap((row) =>
      sealed.has(row.customerId) || !inScope(actor.scope, row) ? [] : [[row.customerId, nameOf(row)] as const],
    ),
  )
}

/**
 * Customers a text may mean: words of a name (accents, case and order do not matter), a birth date, or both; an e-mail's
 * beginning, a telephone with or without its country, an account number, IBAN or card by its last digits, a customer
 * number (ours, or that of a source). Only those in the
 * actor's scope and not sealed to them; every customer shown is recorded as viewed. At most `limit` (1..50).
 */
export const searchCustomers = (
  rt: Runtime,
  { text, actor, limit }: { text: string; actor: Actor; limit: number },
): Promise<SearchReply> =>
  transaction(rt, async (rt) => {
    const asked = readSearch(text)
    if (!asked) {
      throw invalid(
        'search_too_short',
        { found: text.trim().length, expected: 'at least 2 characters' },
        'The search text is too short.',
        'Give two or more letters of a name, or a whole number.',
      )
    }
    const scope =
      actor.scope === 'all'
        ? null
        : {
            branches: actor.scope.branches ?? [],
            teams: actor.scope.teams ?? [],
            portfolios: actor.scope.portfolios ?? [],
          }
    const sources = asked.externalId === null ? [] : await numberings(rt)
    // Sealed records are taken out after the search, so more are asked for than are shown.
    const found = (await store.searchCustomers(rt.db, { ...asked, sources, scope, limit: limit * 2 })).map(
      (row) => row.customerId,
    )
    const sealed = await sealedAmong(rt, actor, found)
    const ids = found.filter((id) => !sealed.has(id)).slice(0, limit)
    const rows = new Map((await store.findCustomers(rt.db, ids)).map((row) => [row.customerId, row]))
    if (ids.length > 0) await record(rt, { actor, action: 'know.customers:searched', customerIds: ids })
    return {
      customers: ids.map((id) => {
        const row = rows.get(id)!
        return {
          customerId: id,
          kind: row.kind,
          stage: row.stage,
          name: nameOf(row),
          birthOn: row.birthOn,
          city: row.city,
          branchCode: row.branchCode,
        }
      }),
    }
  })

/** Under which names the bank's systems number customers, by its playbook. */
async function numberings(rt: Runtime): Promise<string[]> {
  const sources = documentsOf<{ id: string; namespace?: string }>(await activeRevision(rt), 'source')
  return [...new Set(sources.map(({ id, namespace }) => namespace ?? id))]
}
