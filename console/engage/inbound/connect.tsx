import type { Place, PlacesReply } from '#engage/inbound/contract'
import { Panel } from '../../ui/page.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { t } from './words.ts'

const onPage = (url: string, placement: string): string => `<script src="${url}/sdk/clientele.js" defer></script>
<div id="for-you"></div>
<script type="module">
  const clientele = Clientele.start({
    url: '${url}',
    getToken: () => fetch('/token', { method: 'POST' }).then((answer) => answer.json()),
  })
  clientele.placement('${placement}', document.getElementById('for-you'))
</script>`

const forToken = (url: string, channel: string, origin: string): string => `curl ${url}/api/engage/inbound/tokens \\
  -H 'authorization: Bearer clk_…' -H 'content-type: application/json' \\
  -d '{ "customer": { "source": "core_customer", "id": "…" },
        "origin": "${origin}", "channel": "${channel}" }'`

const question = (url: string, placement: string): string => `curl ${url}/api/engage/inbound/ask \\
  -H 'authorization: Bearer clk_…' -H 'content-type: application/json' \\
  -d '{ "customer": { "source": "core_customer", "id": "…" }, "placement": "${placement}" }'`

const told = (url: string): string => `curl ${url}/api/engage/inbound/responses \\
  -H 'authorization: Bearer clk_…' -H 'content-type: application/json' \\
  -d '{ "contactId": "…", "kind": "accept" }'`

/** The lines that a page, or a system, needs to ask for a placement. */
export function Connect({ place, reply }: { place: Place; reply: PlacesReply }) {
  const url = reply.publicUrl?.replace(/\/$/, '') ?? window.location.origin
  if (place.staffed)
    return (
      <Panel title={t('connectStaff')}>
        <p className="place-note">{t('connectStaffSays', { openapi: '/api/openapi.json' })}</p>
        <div className="place-snippets">
          <Snippet title={t('ask')} text={question(url, place.placement)} />
          <Snippet title={t('answer')} text={told(url)} />
        </div>
      </Panel>
    )
  return (
    <Panel title={t('connect')}>
      <p className="place-note">
        {t('connectSays')}{' '}
        <span className="ui-quiet">
          {reply.origins.length > 0 ? t('origins', { origins: reply.origins.join(', ') }) : t('noOrigins')}
        </span>
      </p>
      <div className="place-snippets">
        <Snippet title={t('page')} text={onPage(url, place.placement)} />
        <Snippet
          title={t('server')}
          text={forToken(url, place.channel, reply.origins[0] ?? 'https://online.bank.example')}
        />
      </div>
    </Panel>
  )
}
