import { Skeleton, Title, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { CustomerView, StandingView } from '#know/customers/contract'
import type { CustomerSegmentsReply } from '#know/segments/contract'
import { useMay } from '../../shell/session.tsx'
import { useFew } from '../../ui/few.tsx'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Pill, type Tone } from '../../ui/values.tsx'
import { customerName, humanised } from './names.ts'
import { t } from './words.ts'

const TONES: Record<string, Tone> = {
  stop_all: 'bad',
  care_only: 'warn',
  service_only: 'warn',
  no_credit: 'warn',
  none: 'info',
}
const EFFECTS: Record<string, string> = {
  stop_all: t('effect_stop_all'),
  care_only: t('effect_care_only'),
  service_only: t('effect_service_only'),
  no_credit: t('effect_no_credit'),
  none: t('effect_none'),
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })
const languageName = (code: string): string => {
  try {
    return languageNames.of(code) ?? code
  } catch {
    // A source may call a language by no known code.
    return code
  }
}

/** Who this is, what is so about them, and to which segments they belong. */
export function Head({
  view,
  segments,
  reason,
}: {
  view: CustomerView | undefined
  segments: Static<typeof CustomerSegmentsReply> | undefined
  reason: string | undefined
}) {
  if (!view)
    return (
      <header className="know-head" aria-busy="true">
        <h1 className="ui-visually-hidden">{t('title')}</h1>
        <Skeleton className="ui-skeleton" height={28} width={220} />
        <Skeleton className="ui-skeleton" height={16} width="70%" />
        <Skeleton className="ui-skeleton" height={20} width="45%" />
      </header>
    )
  const told = [
    humanised(view.kind),
    view.ageYears === null ? null : t('years', { count: view.ageYears }),
    view.birthOn && day(view.birthOn),
    view.stage === 'customer' && view.sinceOn ? t('since', { on: day(view.sinceOn) }) : humanised(view.stage),
    view.leftOn && t('left', { on: day(view.leftOn) }),
    [view.addressLine, view.postcode, view.city].filter(Boolean).join(' ') || null,
    view.language && t('speaks', { language: languageName(view.language) }),
    view.branchCode && t('branchIs', { code: view.branchCode }),
    t('customerNumber', { id: view.customerId }),
  ].filter(Boolean)
  return (
    <header className="know-head">
      <div className="know-head-name">
        <Title order={1}>
          <bdi>{customerName(view)}</bdi>
        </Title>
        {view.phone ? (
          <a href={`tel:${view.phone}`} className="know-reach">
            {view.phone}
          </a>
        ) : null}
        {view.email ? (
          <a href={`mailto:${view.email}`} className="know-reach">
            <bdi>{view.email}</bdi>
          </a>
        ) : null}
      </div>
      <p className="know-head-told">
        <bdi>{told.join(' · ')}</bdi>
      </p>
      <div className="know-head-pills">
        <Standings standings={view.standings.filter(({ holds }) => holds)} effects={view.effects} />
        <Segments segments={segments} />
      </div>
      {reason ? (
        <p className="know-opened">
          <Icon name="privacy" size={12} /> <bdi>{t('sealedOpened', { reason })}</bdi>
        </p>
      ) : null}
    </header>
  )
}

function Standings({
  standings,
  effects,
}: {
  standings: readonly Static<typeof StandingView>[]
  effects: CustomerView['effects']
}) {
  const stopped = effects.stopAll
    ? (['bad', t('stopAll'), t('stopAllSays')] as const)
    : effects.careOnly
      ? (['warn', t('careOnly'), t('careOnlySays')] as const)
      : effects.serviceOnly
        ? (['warn', t('serviceOnly'), t('serviceOnlySays')] as const)
        : effects.noCredit
          ? (['warn', t('noCredit'), t('noCreditSays')] as const)
          : undefined
  return (
    <ul className="know-pills" aria-label={t('standings')}>
      {stopped ? (
        <li>
          <Tooltip label={stopped[2]}>
            <span>
              <Pill tone={stopped[0]}>
                <strong>{stopped[1]}</strong>
              </Pill>
            </span>
          </Tooltip>
        </li>
      ) : (
        <li>
          <Pill tone="good">{t('clear')}</Pill>
        </li>
      )}
      {standings.map(({ standing, effect, fromOn, toOn, reason, standingId }) => (
        <li key={standingId ?? standing}>
          <Tooltip
            label={[
              EFFECTS[effect] ?? humanised(effect),
              t('from', { on: day(fromOn) }),
              toOn ? t('until', { on: day(toOn) }) : '',
              reason ?? '',
            ]
              .filter(Boolean)
              .join(' · ')}
          >
            <span>
              <Pill tone={TONES[effect] ?? 'info'}>
                {humanised(standing)} <span className="ui-quiet">{t('from', { on: day(fromOn) })}</span>
              </Pill>
            </span>
          </Tooltip>
        </li>
      ))}
    </ul>
  )
}

function Segments({ segments }: { segments: Static<typeof CustomerSegmentsReply> | undefined }) {
  const may = useMay()
  const [few, rest] = useFew(segments?.described ?? [], 20)
  if (!segments) return null
  return (
    <ul className="know-pills" aria-label={t('segments')}>
      {segments.described.length === 0 ? <li className="ui-quiet">{t('noSegments')}</li> : null}
      {few.map(({ id, title, meaning }) => (
        <li key={id}>
          <Tooltip label={meaning ?? title}>
            {may('know.segments:read') ? (
              <Link to={`/know/segments/${id}`} className="know-segment">
                <Pill icon="segment">{title}</Pill>
              </Link>
            ) : (
              <span>
                <Pill icon="segment">{title}</Pill>
              </span>
            )}
          </Tooltip>
        </li>
      ))}
      {rest ? <li>{rest}</li> : null}
    </ul>
  )
}
