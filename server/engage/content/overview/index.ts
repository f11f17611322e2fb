import { saidToSample } from '#decide/decisions'
import { effectiveClass } from '#decide/propositions'
import type { ActionDocument, ChannelDocument, TreatmentDocument } from '#decide/propositions/contract'
import type { AttributeDocument } from '#know/attributes/contract'
import { todayOf } from '#know/customers'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf, documentOf, documentsOf, type Revision } from '#trust/playbook'
import type { Finding, Made, Treatment, TreatmentsReply } from '../contract.ts'
import { factsOfMade } from '../made.ts'
import { messageOf } from '../message.ts'
import { render } from '../render.ts'
import { smsOf } from '../sms.ts'

/** With nothing known of somebody a text may well lack a value; that is no fault of it. */
const TRIED: readonly Made[] = ['typical', 'short', 'long', 'rtl']

// The texts are those of a revision and their dates those of a day, so they are tried once for both.
const tried = new WeakMap<object, { today: string; reply: TreatmentsReply }>()

/** Every message of the running playbook, tried on made-up customers: how long it becomes and what is wrong with it. */
export async function treatmentsNow(rt: Runtime): Promise<TreatmentsReply> {
  const revision = await activeRevision(rt)
  if (revision.id === '') return { revision: '', treatments: [] }
  const { zone, languages } = bankOf(revision)
  const today = await todayOf(rt, zone)
  const before = tried.get(revision.documents)
  if (before?.today === today) return before.reply
  const now = rt.clock.now()
  const treatments = documentsOf<TreatmentDocument>(revision, 'treatment')
  const staffed = new Set(
    documentsOf<{ id: string; channel: string; staffed?: boolean }>(revision, 'placement')
      .filter((placement) => placement.staffed)
      .map(({ channel }) => channel),
  )
  const reply = {
    revision: revision.id,
    treatments: treatments.map((one) => ({
      ...tryOn(one, revision, { now, today, ofBank: languages }),
      staffed: staffed.has(one.channel),
    })),
  }
  tried.set(revision.documents, { today, reply })
  return reply
}

function tryOn(
  treatment: TreatmentDocument,
  revision: Revision,
  { now, today, ofBank }: { now: Date; today: string; ofBank: readonly string[] },
): Omit<Treatment, 'staffed'> {
  const action = documentOf<ActionDocument>(revision, 'action', treatment.action)
  const channel = documentOf<ChannelDocument>(revision, 'channel', treatment.channel)
  const attributes = documentsOf<AttributeDocument>(revision, 'attribute')
  const { languages, format } = messageOf(treatment, revision, undefined)
  const charactersMax = channel?.textCharactersMax ?? null
  const findings: Finding[] = []
  const say = (kind: Finding['kind'], language: string, made: Made | null, says: string): void => {
    // What is so of every customer is said once.
    if (!findings.some((one) => one.kind === kind && one.language === language))
      findings.push({ kind, language, made, says })
  }
  let [characters, parts] = [0, 0]
  for (const made of TRIED) {
    const customer = factsOfMade(made, { treatment, action, attributes, today })
    const said = saidToSample(revision, { treatment: treatment.id, customer, now, today })
    for (const language of languages) {
      const message = messageOf(treatment, revision, language)
      const text = render(message.text, said, { format, language })
      if (!text.ok) {
        say('not_filled', language, made, text.error)
        continue
      }
      const used = [...text.text].length
      characters = Math.max(characters, used)
      // A name beyond the SMS alphabet is paid for, and no fault of the text.
      if (channel?.consent === 'sms' && made !== 'rtl') parts = Math.max(parts, smsOf(text.text).parts)
      if (charactersMax !== null && used > charactersMax)
        say('too_long', language, made, `${used} characters of at most ${charactersMax}`)
      const subject = message.subject === null ? null : render(message.subject, said, { format: 'line', language })
      if (subject !== null && !subject.ok) say('not_filled', language, made, `subject: ${subject.error}`)
      if (subject === null && channel?.consent === 'email')
        say('no_subject', language, null, 'an e-mail without a subject')
    }
  }
  for (const language of ofBank)
    if (!languages.includes(language))
      say('language_missing', language, null, 'the bank speaks it, the message does not')
  return {
    treatment: treatment.id,
    title: treatment.title,
    action: treatment.action,
    actionTitle: action?.title ?? treatment.action,
    channel: treatment.channel,
    channelTitle: channel?.title ?? treatment.channel,
    consent: channel?.consent ?? 'none',
    class: action ? effectiveClass(treatment, action) : (treatment.class ?? 'marketing'),
    promotional: treatment.promotional ?? false,
    template: treatment.template ?? null,
    offer: treatment.offer ?? null,
    format,
    languages,
    variables: Object.keys(treatment.variables ?? {}),
    charactersMax,
    characters,
    parts: channel?.consent === 'sms' ? parts : null,
    findings,
  }
}
