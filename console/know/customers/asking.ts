import type { Static } from 'typebox'
import type { PreviewReply } from '#decide/decisions/contract'
import type { Refusal } from '../../shell/api.ts'

export type Preview = Static<typeof PreviewReply>

/** An answer on its way, as the parts of the page take it. */
export interface Asking<T> {
  readonly data: T | undefined
  readonly error: Refusal | null
  readonly isPending: boolean
  readonly isFetching: boolean
  readonly refetch: () => unknown
}
