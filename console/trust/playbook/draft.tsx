import type { Static } from 'typebox'
import type { Draft as DraftSchema, ReviewReply } from '#trust/playbook/contract'
import { Changed } from '../../ui/diff.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { Pill, type Tone } from '../../ui/values.tsx'
import './playbook.css'
import { t } from './words.ts'

export type Draft = Static<typeof DraftSchema>
export type Review = Static<typeof ReviewReply>
export type DocumentChange = Review['changes'][number]

export type DraftState = 'stateDraft' | 'stateReview' | 'stateApproved' | 'stateRuns' | 'stateWithdrawn'

/** How far a draft is. */
export const stateOf = (draft: Draft): DraftState =>
  draft.sequence !== null
    ? 'stateRuns'
    : draft.withdrawnAt !== null
      ? 'stateWithdrawn'
      : draft.approvedAt !== null
        ? 'stateApproved'
        : draft.requestedAt !== null
          ? 'stateReview'
          : 'stateDraft'

const TONES: Record<DraftState, Tone> = {
  stateDraft: 'quiet',
  stateReview: 'warn',
  stateApproved: 'info',
  stateRuns: 'good',
  stateWithdrawn: 'quiet',
}

export const stateText = (draft: Draft): string => t(stateOf(draft), { sequence: draft.sequence ?? '' })

export const StatePill = ({ draft }: { draft: Draft }) => <Pill tone={TONES[stateOf(draft)]}>{stateText(draft)}</Pill>

export const isOpen = (draft: Draft): boolean => draft.sequence === null && draft.withdrawnAt === null

const CHANGES: Record<DocumentChange['change'], Tone> = { added: 'good', changed: 'info', removed: 'bad' }
export const ChangePill = ({ change }: { change: string }) => (
  <Pill tone={CHANGES[change as DocumentChange['change']] ?? 'quiet'}>
    {change === 'added' ? t('added') : change === 'removed' ? t('removed') : t('changed')}
  </Pill>
)

/** A field's value as one would say it in a sentence. */
export const said = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)

/** Where in a document a field stands, in words: 'applicability[small_sums].windowDays' is Applicability › small sums › window days. */
const placeOf = (path: string): string => {
  const [first = '', ...rest] = path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => part.replaceAll('_', ' ').replace(/[a-z](?=[A-Z])/g, '$& '))
  return [humanised(first), ...rest.map((part) => part.toLowerCase())].join(' › ')
}

/** Which document: its kind in words, and its id. */
export const whichOf = ({ kind, id }: { kind: string; id: string }): string => `${humanised(kind)} ${id}`

/** Field by field: where it stands, before struck, after beside it. */
export const Fields = ({
  fields,
}: {
  fields: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
}) =>
  fields.length === 0 ? null : (
    <dl className="playbook-fields">
      {fields.map(({ path, before, after }) => (
        <div key={path}>
          <dt title={path}>{placeOf(path)}</dt>
          <dd>
            <Changed before={said(before)} after={said(after)} />
          </dd>
        </div>
      ))}
    </dl>
  )
