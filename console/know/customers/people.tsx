import { Link } from '@tanstack/react-router'
import type { CustomerView } from '#know/customers/contract'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { RowsComing } from '../../ui/state.tsx'
import { humanised } from './names.ts'
import { t } from './words.ts'

interface Someone {
  customerId: number
  name: string | null
  how: string[]
}

/** Everybody this customer's page names beside holdings, each once with all that joins them. */
function someonesOf(view: CustomerView): Someone[] {
  const found = new Map<number, Someone>()
  const add = (customerId: number, name: string | null, how: string): void => {
    const one = found.get(customerId) ?? { customerId, name, how: [] }
    if (!one.how.includes(how)) one.how.push(how)
    found.set(customerId, one)
  }
  for (const { customerId, name, relation } of view.relations) add(customerId, name, humanised(relation))
  for (const { customerId, name } of view.household) add(customerId, name, t('sameHousehold'))
  return [...found.values()]
}

/** Who belongs to this customer: household, businesses, guardians, attorneys. */
export function People({ view }: { view: CustomerView | undefined }) {
  if (!view)
    return (
      <Panel title={t('people')}>
        <RowsComing rows={2} height={16} />
      </Panel>
    )
  const someones = someonesOf(view)
  return (
    <Panel title={t('people')}>
      {someones.length === 0 ? (
        <p className="ui-quiet know-line">{t('nobody')}</p>
      ) : (
        <ul
          className="know-lines know-bounded know-people"
          aria-label={t('people')}
          tabIndex={someones.length > 3 ? 0 : undefined}
        >
          {someones.map(({ customerId, name, how }) => (
            <li key={customerId}>
              <Icon name="person" size={14} className="ui-quiet" />
              {name === null ? (
                <span className="ui-quiet">{t('notYours', { id: customerId })}</span>
              ) : (
                <Link to={`/know/customers/${customerId}`} className="know-link ui-clip">
                  <bdi>{name}</bdi>
                </Link>
              )}
              <span className="ui-quiet know-end ui-clip">{how.join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
