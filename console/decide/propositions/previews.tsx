import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TreatmentDocument } from '#decide/propositions/contract'
import type { SampleReply } from '#engage/content/contract'
import { call, keyOf, type Refusal } from '../../shell/api.ts'
import { Framed, frameOf } from '../../ui/message-frame.tsx'
import { Empty } from '../../ui/state.tsx'
import { Pill } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { type ActionNode, classOf, type Tree } from './tree.ts'
import { readable, t } from './words.ts'

const NOBODY = 'nobody'

/** What is known of the made-up customer: the case's facts, and a name unless it gives one. */
function factsOf(node: ActionNode, sample: string): Record<string, unknown> {
  const found = node.document.cases?.find(({ title }) => title === sample)
  // 'Jonas, 23, saves €15 at a time' is about Jonas.
  const name = /^\p{Lu}\p{Ll}+(?=,)/u.exec(sample)?.[0] ?? t('sampleName')
  return { given_name: name, ...found?.customer }
}

function Preview({
  treatment,
  node,
  tree,
  sample,
  language,
}: {
  treatment: TreatmentDocument
  node: ActionNode
  tree: Tree
  sample: string
  language: string
}) {
  const body = { treatment: treatment.id, customer: factsOf(node, sample) }
  const found = useQuery<SampleReply, Refusal>({
    queryKey: [...keyOf(endpoints.sample, { body }), tree.revision],
    queryFn: ({ signal }) => call(endpoints.sample, { body }, { signal }),
    placeholderData: (before) => before,
  })
  const channel = tree.channels.get(treatment.channel)
  const offer = treatment.offer === undefined ? undefined : tree.offers.get(treatment.offer)
  const message = found.data?.messages.find((one) => one.language === language) ?? found.data?.messages[0]
  return (
    <article className="preview">
      <header>
        <h2>
          <bdi>{channel?.title ?? readable(treatment.channel)}</bdi>
        </h2>
        <Pill tone="quiet">{classOf(treatment, node.document)}</Pill>
      </header>
      {found.error ? (
        <p role="alert" className="ui-bad">
          {found.error.message} {found.error.next}
        </p>
      ) : !found.data || !message ? (
        <Skeleton height={140} className="ui-skeleton" aria-busy="true" />
      ) : message.text === null ? (
        <p role="alert" className="ui-bad">
          {t('failedText', { why: message.failed ?? '' })}
        </p>
      ) : (
        <Framed
          frame={frameOf({
            id: treatment.channel,
            consent: channel?.consent,
            staffed: tree.staffed.has(treatment.channel),
          })}
          title={node.document.title}
          message={{ ...message, text: message.text }}
          format={found.data.format}
          charactersMax={channel?.textCharactersMax}
        />
      )}
      <footer className="ui-quiet">
        {found.data && found.data.absent.length > 0 ? (
          <span>
            {t('absent', { count: found.data.absent.length, names: found.data.absent.map(readable).join(', ') })}
          </span>
        ) : null}
        {offer ? <span>{t('owed', { offer: offer.title, count: offer.validDays })}</span> : null}
        <span>
          {channel === undefined || channel.consent === 'none'
            ? t('noConsent')
            : t('needsConsent', { consent: channel.consent })}
        </span>
      </footer>
    </article>
  )
}

/** The action as a customer meets it on each channel, with the figures it would promise today. */
export function Previews({ node, tree }: { node: ActionNode; tree: Tree }) {
  const samples = (node.document.cases ?? []).filter(({ expect }) => expect === 'eligible').map(({ title }) => title)
  const languages = [...new Set(node.treatments.flatMap(({ text }) => Object.keys(text ?? {})))]
  const [sample, setSample] = useState(samples[0] ?? NOBODY)
  const [language, setLanguage] = useState(languages.includes('en') ? 'en' : (languages[0] ?? 'en'))
  if (node.treatments.length === 0) return <Empty icon="message" title={t('tabSay')} sentence={t('noTreatments')} />
  return (
    <>
      <div className="preview-bar">
        <Select
          label={t('sample')}
          description={t('sampleHint')}
          allowDeselect={false}
          data={[
            ...samples.map((title) => ({ value: title, label: title })),
            { value: NOBODY, label: t('sampleNobody') },
          ]}
          value={sample}
          onChange={(next) => setSample(next ?? NOBODY)}
        />
        {languages.length > 1 ? (
          <SegmentedControl
            aria-label={t('language')}
            value={language}
            onChange={setLanguage}
            data={languages.map((code) => ({ value: code, label: code.toUpperCase() }))}
          />
        ) : null}
      </div>
      <div className="previews">
        {node.treatments.map((treatment) => (
          <Preview
            key={treatment.id}
            treatment={treatment}
            node={node}
            tree={tree}
            sample={sample}
            language={language}
          />
        ))}
      </div>
    </>
  )
}
