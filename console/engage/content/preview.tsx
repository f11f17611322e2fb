import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Made, SampleReply, Treatment } from '#engage/content/contract'
import { call, keyOf, type Refusal } from '../../shell/api.ts'
import { Framed, frameOf } from '../../ui/message-frame.tsx'
import * as endpoints from './endpoints.ts'
import { readable, t } from './words.ts'

/** The order in which customers stand beside each other. */
export const MADE: readonly Made[] = ['typical', 'short', 'long', 'rtl', 'unknown']

const useSample = (treatment: string, made: Made, revision: string) => {
  const body = { treatment, customer: {}, made }
  return useQuery<SampleReply, Refusal>({
    queryKey: [...keyOf(endpoints.sample, { body }), revision],
    queryFn: ({ signal }) => call(endpoints.sample, { body }, { signal }),
    staleTime: 60_000,
  })
}

/** A message on its channel, as a made-up customer reads it in one language. */
export function Preview({
  of,
  made,
  language,
  revision,
}: {
  of: Treatment
  made: Made
  language: string
  revision: string
}) {
  const found = useSample(of.treatment, made, revision)
  const message = found.data?.messages.find((one) => one.language === language) ?? found.data?.messages[0]
  if (found.error)
    return (
      <p role="alert" className="ui-bad">
        {found.error.message} {found.error.next}
      </p>
    )
  if (!found.data || !message) return <Skeleton height={140} className="ui-skeleton" aria-busy="true" />
  const { absent } = found.data
  return (
    <div className="message-read">
      {message.text === null ? (
        <p className="message-failed">
          <span className="ui-bad">{t('failedText', { why: message.failed ?? '' })}</span>
        </p>
      ) : (
        <Framed
          frame={frameOf({ id: of.channel, consent: of.consent, staffed: of.staffed })}
          title={of.title}
          message={{ ...message, text: message.text }}
          format={found.data.format}
          charactersMax={of.charactersMax ?? undefined}
        />
      )}
      {absent.length > 0 ? (
        <p className="message-absent ui-quiet">
          {t('absent', { count: absent.length, names: absent.map(readable).join(', ') })}
        </p>
      ) : null}
    </div>
  )
}
