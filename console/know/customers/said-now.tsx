import { Button } from '@mantine/core'
import type { CustomerView } from '#know/customers/contract'
import { day } from '../../ui/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import type { Preview } from './asking.ts'
import { type Answer, restOf, signersOf, type Told } from './talk.ts'
import { t } from './words-say.ts'

const ICONS: Record<Answer, IconName> = {
  accept: 'good',
  not_now: 'wait',
  refuse: 'close',
  never: 'close',
  impression: 'talk',
}

/** What was answered during this talk, what follows from it, and the way to put it right: the last answer holds. */
export function SaidNow({
  told,
  preview,
  view,
  busy,
  onAgain,
  onAgrees,
}: {
  told: readonly Told[]
  preview: Preview | undefined
  view: CustomerView | undefined
  busy: boolean
  onAgain: (told: Told) => void
  onAgrees: (told: Told, customerId: number) => void
}) {
  if (told.length === 0) return null
  const sentenceOf = ({ held, answer, awaiting }: Told): string => {
    if (awaiting) return t('awaiting')
    const rest = preview && answer !== 'impression' ? restOf(preview, held.shown.action) : undefined
    if (!rest) return t('known')
    return rest.until ? t('restsUntil', { on: day(rest.until.toISOString().slice(0, 10)) }) : t('restsKnown')
  }
  return (
    <div role="status">
      <ul className="know-told" aria-label={t('told')}>
        {told.map((one) => {
          const { held, answer, awaiting } = one
          return (
            <li key={held.shown.contactId}>
              <Icon name={ICONS[answer]} size={14} className={answer === 'accept' ? 'ui-good' : 'ui-quiet'} />
              <span>
                <strong>
                  <bdi>{t(`told_${answer}`, { title: held.title })}</bdi>
                </strong>{' '}
                <span className="ui-quiet know-small">{sentenceOf(one)}</span>
                <span className="know-told-more">
                  {awaiting && view
                    ? signersOf(view).map(({ customerId, name }) =>
                        name === null ? null : (
                          <Button
                            key={customerId}
                            variant="default"
                            size="compact-xs"
                            disabled={busy}
                            onClick={() => onAgrees(one, customerId)}
                          >
                            {t('agrees', { name })}
                          </Button>
                        ),
                      )
                    : null}
                  <button
                    type="button"
                    className="ui-asks know-small"
                    aria-label={t('changeOf', { title: held.title })}
                    onClick={() => onAgain(one)}
                  >
                    {t('change')}
                  </button>
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
