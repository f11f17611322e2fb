import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { useFew } from '../../ui/few.tsx'
import { Panel } from '../../ui/page.tsx'
import { RowsComing, Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

/** What of the playbook names the segment, and what names that. */
export function Uses({ id }: { id: string }) {
  const may = useMay()
  const uses = useAsk(endpoints.uses, { params: { segmentId: id } })
  const [few, rest] = useFew(uses.data?.uses ?? [])
  return (
    <Panel title={t('uses')}>
      <Shown of={uses} coming={<RowsComing rows={3} height={16} />}>
        {(data) =>
          data.uses.length === 0 ? (
            <p className="ui-quiet know-line">{t('usesNone')}</p>
          ) : (
            <ul className="know-uses">
              {few.map(({ kind, id: user, title, path, depth }) => (
                <li key={`${kind}/${user}/${path}`}>
                  {may('trust.playbook:read') ? (
                    <Link to={`/trust/playbook/documents/${kind}/${user}`}>{title}</Link>
                  ) : (
                    <span>{title}</span>
                  )}
                  <span className="ui-quiet">
                    {humanised(kind)} · {depth === 1 ? t('uses_direct') : t('uses_through')}
                  </span>
                </li>
              ))}
              {rest ? <li>{rest}</li> : null}
            </ul>
          )
        }
      </Shown>
    </Panel>
  )
}
