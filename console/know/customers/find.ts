import { call, isRefusal } from '../../shell/api.ts'
import * as endpoints from './endpoints.ts'
import type { Found } from './names.ts'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is the number of a contact or a decision, as a letter shows it. */
export const isId = (text: string): boolean => ID.test(text.trim())

/**
 * Customers a text may mean, or the one to whom the contact or the decision of that number belongs. Nobody for a number
 * of nothing, and of somebody who is not one's own to see.
 */
export async function findCustomers(text: string, limit: number, signal: AbortSignal): Promise<readonly Found[]> {
  const search = async (what: string) =>
    (await call(endpoints.search, { query: { text: what, limit } }, { signal })).customers
  if (!isId(text)) return search(text)
  try {
    const { customerId } = await call(endpoints.whose, { params: { id: text.trim().toLowerCase() } }, { signal })
    return (await search(String(customerId))).filter((one) => one.customerId === customerId)
  } catch (error) {
    if (isRefusal(error) && error.kind === 'not_found') return []
    throw error
  }
}
