import { expect, test } from 'vitest'
import type { CustomerView, HoldingView } from '#know/customers/contract'
import { actorsOf, restOf } from './talk.ts'

const holding = (more: Partial<HoldingView>): HoldingView =>
  ({ role: 'owner', authority: 'sole', status: 'open', others: [], ...more }) as HoldingView
const view = (...holdings: HoldingView[]): CustomerView => ({ holdings }) as unknown as CustomerView
const other = (customerId: number, role: string, authority = 'sole') => ({
  customerId,
  name: `N${customerId}`,
  role,
  authority,
})

test('who acts for a customer acts on what is the customer’s own, each person once', () => {
  expect(
    actorsOf(
      view(
        holding({ others: [other(2, 'attorney'), other(3, 'owner')] }),
        holding({ others: [other(2, 'attorney'), other(4, 'executor', 'none')] }),
        // A child's account: its other guardian acts for the child.
        holding({ role: 'guardian', others: [other(5, 'owner'), other(6, 'guardian')] }),
      ),
    ),
  ).toEqual([{ customerId: 2, name: 'N2', role: 'attorney' }])
})

test('an answered action rests until the last day of all its rests, or until an outcome is known', () => {
  const reason = (found: string) => ({ stage: 'rest', level: '', clause: '', title: '', found, needed: '' })
  const preview = (...found: string[]) =>
    ({ considered: [{ action: 'a', treatments: [{ reasons: found.map(reason) }] }] }) as never
  expect(restOf(preview('rests until 2026-05-31T08:00:00.000Z', 'rests until 2026-04-01T08:00:00.000Z'), 'a')).toEqual({
    until: new Date('2026-05-31T08:00:00.000Z'),
  })
  expect(restOf(preview('accepted, outcome not yet known'), 'a')).toEqual({ until: null })
  expect(restOf(preview(), 'a')).toBeUndefined()
})
