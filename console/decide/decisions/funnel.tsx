import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import type { Narrowing } from './stages.ts'
import { t } from './words.ts'

/**
 * The actions as a funnel: each narrowing asks one question and says how many it left out; choosing it shows which, and
 * by which clause. Drawn by hand: it is a list of buttons first, and a picture beside.
 */
export function Funnel({
  steps,
  chosen,
  onChoose,
}: {
  steps: readonly Narrowing[]
  chosen: string
  onChoose: (stage: string) => void
}) {
  const all = steps[0]?.before ?? 0
  const shown = steps.at(-1)?.after ?? 0
  return (
    <ol className="funnel" aria-label={t('funnel')}>
      <li className="funnel-end">
        <span className="funnel-title">{t('all')}</span>
        <Slice from={1} to={1} />
        <span className="funnel-count">{number(all)}</span>
      </li>
      {steps.map(({ stage, before, after, out }) => (
        <li key={stage.id}>
          <button
            type="button"
            className="funnel-step"
            aria-pressed={chosen === stage.id}
            disabled={out.length === 0}
            onClick={() => onChoose(chosen === stage.id ? '' : stage.id)}
          >
            <span className="funnel-title">
              {stage.title}
              <span className="funnel-asks">{stage.asks}</span>
            </span>
            <Slice from={share(before, all)} to={share(after, all)} />
            <span className="funnel-count">
              {number(after)}
              <span className={out.length > 0 ? 'funnel-out' : 'funnel-out ui-quiet'}>
                {out.length > 0 ? `−${number(out.length)}` : t('noneOut')}
              </span>
              <span className="ui-visually-hidden">
                {t('remained', { count: after })}, {t('leftOut', { count: out.length })}
              </span>
            </span>
          </button>
        </li>
      ))}
      <li className="funnel-end funnel-last">
        <span className="funnel-title">
          <Icon name="good" size={14} className="ui-good" /> {t('shownLast')}
        </span>
        <Slice from={share(shown, all)} to={share(shown, all)} good />
        <span className="funnel-count">{number(shown)}</span>
      </li>
    </ol>
  )
}

/** Small counts stay in sight: an action that is left is never thinner than this share. */
const SHARE_MIN = 0.012
const share = (count: number, all: number): number => (all === 0 || count === 0 ? 0 : Math.max(SHARE_MIN, count / all))

/** One part of the funnel, as wide above as what came and below as what stayed. */
function Slice({ from, to, good = false }: { from: number; to: number; good?: boolean }) {
  const [a, b] = [from * 100, to * 100]
  return (
    <svg className="funnel-slice" viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true">
      <polygon
        points={`${100 - a},0 ${100 + a},0 ${100 + b},40 ${100 - b},40`}
        className={good ? 'funnel-good' : undefined}
      />
    </svg>
  )
}
