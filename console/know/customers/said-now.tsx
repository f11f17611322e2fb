import { day } from '../../ui/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import type { Preview } from './asking.ts'
import { type Answer, restOf, type Told } from './talk.ts'
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
  onAgain,
}: {
  told: readonly Told[]
  preview: Preview | undefined
  onAgain: (told: Told) => void
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
          const { held, answer } = one
          return (
            <li key={held.shown.contactId}>
              <Icon name={ICONS[answer]} size={14} className={answer === 'accept' ? 'ui-good' : 'ui-quiet'} />
              <span>
                <strong>
                  <bdi>{t(`told_${answer}`, { title: held.title })}</bdi>
                </strong>{' '}
                <span className="ui-quiet know-small">{sentenceOf(one)}</span>
                <span className="know-told-more">
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
