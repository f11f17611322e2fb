import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import { day, number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import type { Counted } from './live-count.ts'
import { t } from './words.ts'

type Attribute = Static<typeof CatalogueReply>['attributes'][number]

/** How many the rule has now, of how many, and what one must know about the number. */
export function LiveCount({
  counted,
  counting,
  attributes,
  grouped,
  to,
}: {
  counted: Counted | null
  counting: boolean
  attributes: readonly Attribute[]
  /** Whether others of its group may yet take some of them. */
  grouped: boolean
  /** Where they are listed, while the rule is the saved one. */
  to: string | null
}) {
  const reply = counted?.reply
  const titles = (ids: readonly string[]): string =>
    ids.map((id) => attributes.find((one) => one.id === id)?.title ?? id).join(', ')
  return (
    <div className="know-count" data-counting={counting || undefined}>
      <p role="status" data-count-of={counted?.of ?? ''} className="know-count-number">
        {reply ? (
          <>
            <strong>
              {to === null ? (
                number(reply.count)
              ) : (
                <Link to={to} className="ui-asks">
                  {number(reply.count)}
                </Link>
              )}
            </strong>{' '}
            {t('customers', { count: reply.count })}
          </>
        ) : (
          <strong className="ui-quiet">–</strong>
        )}
      </p>
      <p className="ui-quiet know-count-foot">
        {reply
          ? [
              t('ofAll', {
                share: percent(reply.customers === 0 ? 0 : reply.count / reply.customers),
                all: number(reply.customers),
                on: day(reply.asOf),
              }),
              t('took', { ms: number(reply.elapsedMs) }),
            ].join(' · ')
          : counted?.refusal && counted.refusal.code !== 'rule_refused'
            ? `${counted.refusal.message} ${counted.refusal.next}`
            : counting
              ? t('counting')
              : ''}
      </p>
      {reply && grouped ? (
        <p className="know-count-foot">
          <Icon name="info" size={12} className="ui-info" /> {t('byRuleAlone')}
        </p>
      ) : null}
      {reply && reply.errors > 0 ? (
        <p className="know-count-foot">
          <Icon name="warn" size={12} className="ui-warn" /> {t('failedFor', { count: reply.errors })}
        </p>
      ) : null}
      {reply && reply.defaults.length > 0 ? (
        <p className="know-count-foot">
          <Icon name="info" size={12} className="ui-info" /> {t('defaults', { titles: titles(reply.defaults) })}
        </p>
      ) : null}
    </div>
  )
}
