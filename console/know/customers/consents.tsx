import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { ConsentsReply } from '#trust/consents/contract'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Failed } from '../../ui/state.tsx'
import type { Asking } from './asking.ts'
import { t } from './words.ts'

const CHANNELS = ['email', 'sms', 'push', 'call', 'post', 'app', 'web', 'branch'] as const
const CHANNEL_NAMES: Record<(typeof CHANNELS)[number], string> = {
  email: 'E-mail',
  sms: 'SMS',
  push: 'Push',
  call: 'Call',
  post: 'Post',
  app: 'App',
  web: 'Web',
  branch: 'Branch',
}

/** What the customer agreed to, channel by channel: a shape and a word, the colour only underlines. */
export function Consents({ id, consents }: { id: number; consents: Asking<Static<typeof ConsentsReply>> }) {
  const { data, error } = consents
  return (
    <Panel
      title={t('consents')}
      aside={
        <Link to={`/trust/consents/${id}`} className="ui-asks know-small">
          {t('consentHistory')}
        </Link>
      }
    >
      {data ? (
        <ul className="know-consents">
          {CHANNELS.map((channel) => (
            <Agreed key={channel} name={CHANNEL_NAMES[channel]} agreed={data.marketing[channel]} />
          ))}
          <Agreed name={t('profiling')} agreed={!data.profilingObjected} />
          <Agreed name={t('paymentData')} agreed={data.paymentData} />
        </ul>
      ) : error ? (
        <Failed failure={error} onAgain={() => void consents.refetch()} />
      ) : (
        <Skeleton className="ui-skeleton" height={52} aria-busy="true" />
      )}
      <p className="know-foot ui-quiet">{t('consentsFoot')}</p>
    </Panel>
  )
}

const Agreed = ({ name, agreed }: { name: string; agreed: boolean }) => (
  <li data-agreed={agreed || undefined}>
    <Icon name={agreed ? 'check' : 'close'} size={12} className={agreed ? 'ui-good' : 'ui-bad'} />
    <span>{name}</span>
    <span className="ui-visually-hidden">: {agreed ? t('may') : t('mayNot')}</span>
  </li>
)
