import type { Refusal } from '../../shell/api.ts'

/** An answer on its way, as the parts of the page take it. */
export interface Asking<T> {
  readonly data: T | undefined
  readonly error: Refusal | null
  readonly isPending: boolean
  readonly isFetching: boolean
  readonly refetch: () => unknown
}
