import type { Static } from 'typebox'
import type { FactsReply } from '#know/attributes/contract'
import { TypedValue } from '../../ui/typed-value.tsx'

export type Fact = Static<typeof FactsReply>['described'][number]

/** A fact's value in the unit in which a banker reads it. */
export const FactValue = ({ fact }: { fact: Pick<Fact, 'type' | 'unit' | 'value'> }) => <TypedValue {...fact} />
