import type { Static } from 'typebox'
import type { SearchReply } from '#know/customers/contract'
import { day } from '../../ui/format.ts'
import { words } from '../../ui/words.ts'

export { humanised } from '../../ui/typed-value.tsx'

export type Found = Static<typeof SearchReply>['customers'][number]

const t = words('know.customers.names', {
  unnamed: 'Customer {{id}}',
  bornOn: 'born {{on}}',
  number: 'No. {{id}}',
})

export const customerName = ({ name, customerId }: { name: string | null; customerId: number }): string =>
  name ?? t('unnamed', { id: customerId })

/** What tells two people of one name apart. */
export const bornAndWhere = ({ birthOn, city, customerId }: Found): string =>
  [birthOn ? t('bornOn', { on: day(birthOn) }) : '', city ?? '', t('number', { id: customerId })]
    .filter(Boolean)
    .join(' · ')
