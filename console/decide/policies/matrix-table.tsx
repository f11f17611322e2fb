import { Link } from '@tanstack/react-router'
import { Facts, Inspector } from '../../ui/inspector.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Pill } from '../../ui/values.tsx'
import type { ActionRow, Cell, Matrix } from './matrix.ts'
import { capLimit, capPer, capTitle, hoursText, restAfter, restLong, restTitle, restWhat } from './rules.tsx'
import { readable, t } from './words.ts'

/** One meeting explained: what holds there, and why there may be nothing. */
function CellDetails({ row, cell, matrix, channel }: { row: ActionRow; cell: Cell; matrix: Matrix; channel: string }) {
  const found = matrix.channels.find(({ id }) => id === channel)
  return (
    <div className="cell-details">
      <Facts
        facts={[
          [t('ofClass'), cell.class],
          [t('consent'), found === undefined || found.consent === 'none' ? t('consentNone') : found.consent],
          [t('putAs'), cell.treatments.map(({ title }) => title).join(', ')],
          [t('hoursHere'), cell.hours.length === 0 ? t('anyHour') : cell.hours.map(hoursText).join('; ')],
        ]}
      />
      {cell.class === 'marketing' ? null : <p className="quiet-line">{t('exempt', { class: cell.class })}</p>}
      <h3>{t('capsHere')}</h3>
      <ul>
        {cell.caps.map((cap) => (
          <li key={cap.id}>
            {capTitle(cap)}: {capLimit(cap)}, {capPer(cap)}
          </li>
        ))}
        {cell.caps.length === 0 ? <li className="ui-quiet">{t('noRules')}</li> : null}
      </ul>
      <h3>{t('restsHere')}</h3>
      <ul>
        {cell.rests.map((rest) => (
          <li key={rest.id}>
            {restTitle(rest)}: {restAfter(rest)}, {restWhat(rest)}, {restLong(rest)}
          </li>
        ))}
        {cell.rests.length === 0 ? <li className="ui-quiet">{t('noRules')}</li> : null}
      </ul>
      <h3>{t('policyHere')}</h3>
      <ul>
        {row.policies.map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
      </ul>
      <p>
        <Link to={`/decide/propositions/actions/${row.action.id}?part=who` as never}>{t('toAction')}</Link>
      </p>
    </div>
  )
}

/** Darker the more rules count a message there; the number says it too. */
const shadeOf = (rules: number): string =>
  rules === 0
    ? 'transparent'
    : `color-mix(in srgb, var(--mantine-primary-color-filled) ${Math.min(36, 6 + rules * 2)}%, transparent)`

/** Actions by channels. Arrow keys are the browser’s own scrolling; every meeting is a button. */
export function MatrixTable({ matrix }: { matrix: Matrix }) {
  const [picked, setPicked] = useUrlState('cell', '', { opens: true })
  const [actionId = '', channelId = ''] = picked.split('.')
  const row = matrix.rows.find(({ action }) => action.id === actionId)
  const cell = row?.cells.get(channelId)
  let lastGroup = ''
  return (
    <>
      <p className="quiet-line">{t('matrixSays')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="matrix" tabIndex={0} aria-label={t('tabMatrix')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('action')}</th>
              <th scope="col">{t('clauses')}</th>
              {matrix.channels.map(({ id, title }) => (
                <th key={id} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((one) => {
              const heading =
                one.issue.title === one.group.title ? one.issue.title : `${one.issue.title} · ${one.group.title}`
              const isNew = heading !== lastGroup
              lastGroup = heading
              return [
                isNew ? (
                  <tr key={`${one.group.id} head`} className="matrix-group">
                    <th colSpan={matrix.channels.length + 2} scope="colgroup">
                      <span>{heading}</span>
                    </th>
                  </tr>
                ) : null,
                <tr key={one.action.id}>
                  <th scope="row">
                    <Link to={`/decide/propositions/actions/${one.action.id}?part=who` as never}>
                      <bdi>{one.action.title}</bdi>
                    </Link>
                  </th>
                  <td>{one.clauses}</td>
                  {matrix.channels.map((channel) => {
                    const here = one.cells.get(channel.id)
                    const name = `${one.action.id}.${channel.id}`
                    const rules = here ? here.caps.length + here.rests.length : 0
                    return (
                      <td key={channel.id} data-cell={here ? true : undefined}>
                        {here ? (
                          <button
                            type="button"
                            aria-pressed={picked === name}
                            aria-label={t('cell', {
                              action: one.action.title,
                              channel: channel.title,
                              rules,
                              class: here.class,
                            })}
                            onClick={() => setPicked(picked === name ? '' : name)}
                            style={{ background: shadeOf(rules) }}
                          >
                            {rules === 0 ? here.class.slice(0, 4) : rules}
                          </button>
                        ) : null}
                      </td>
                    )
                  })}
                </tr>,
              ]
            })}
          </tbody>
        </table>
      </section>
      {row && cell ? (
        <Inspector
          title={`${row.action.title}, ${matrix.channels.find(({ id }) => id === channelId)?.title ?? readable(channelId)}`}
          tools={<Pill tone="quiet">{cell.class}</Pill>}
          onClose={() => setPicked('')}
        >
          <CellDetails row={row} cell={cell} matrix={matrix} channel={channelId} />
        </Inspector>
      ) : null}
    </>
  )
}
