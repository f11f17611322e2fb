import { explain, saidToSample } from '#decide/decisions'
import type { ActionDocument, ChannelDocument, TreatmentDocument } from '#decide/propositions/contract'
import type { AttributeDocument } from '#know/attributes/contract'
import { languagesOf, todayOf } from '#know/customers'
import type { Runtime } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { activeRevision, bankOf, documentOf, documentsOf, revisionById } from '#trust/playbook'
import type { ReadReply, SampleReply, SampleRequest } from './contract.ts'
import { factsOfMade } from './made.ts'
import { messageOf } from './message.ts'
import { type Rendered, render } from './render.ts'
import { smsOf } from './sms.ts'

export { type Format, TemplateDocument } from './contract.ts'
export { checks, kinds } from './kinds.ts'
export { messageOf } from './message.ts'
export { namesIn, type Rendered, render } from './render.ts'
export { routes } from './routes.ts'

/**
 * A treatment's message as a made-up customer would read it, in every language it is written in.
 * Errors: `treatment_unknown` (not found).
 */
export async function sampleOf(rt: Runtime, asked: SampleRequest): Promise<SampleReply> {
  const revision = await activeRevision(rt)
  const today = await todayOf(rt, bankOf(revision).zone)
  const found = documentOf<TreatmentDocument>(revision, 'treatment', asked.treatment)
  const facts =
    asked.made === undefined || found === undefined
      ? {}
      : factsOfMade(asked.made, {
          treatment: found,
          action: documentOf<ActionDocument>(revision, 'action', found.action),
          attributes: documentsOf<AttributeDocument>(revision, 'attribute'),
          today,
        })
  const customer = { ...facts, ...asked.customer }
  const said = saidToSample(revision, { treatment: asked.treatment, customer, now: rt.clock.now(), today })
  const treatment = found!
  const isSms = documentOf<ChannelDocument>(revision, 'channel', treatment.channel)?.consent === 'sms'
  const first = messageOf(treatment, revision, undefined)
  const messages = first.languages.map((language) => {
    const message = messageOf(treatment, revision, language)
    const text = render(message.text, said, { format: message.format, language })
    const subject = message.subject === null ? null : render(message.subject, said, { format: 'line', language })
    return {
      language,
      subject: subject?.ok ? subject.text : null,
      text: text.ok ? text.text : null,
      failed: [text, subject].find(isFailed)?.error ?? null,
      linkLabel: treatment.link?.label[language] ?? null,
      imageAlt: treatment.image?.alt[language] ?? null,
      sms: isSms && text.ok ? smsOf(text.text) : null,
    }
  })
  return {
    treatment: asked.treatment,
    channel: treatment.channel,
    format: first.format,
    offer: said.offer,
    variables: said.variables,
    absent: said.absent,
    link: treatment.link?.href ?? null,
    messages,
  }
}

const isFailed = (rendered: Rendered | null): rendered is Extract<Rendered, { ok: false }> => rendered?.ok === false

/**
 * A decision with its messages as the customer read them: the texts of its own revision, filled with what it froze, and
 * why it came out so. One look, on record once. Errors: those of explaining a decision.
 */
export async function readIn(rt: Runtime, asked: { decisionId: string; actor: Actor }): Promise<ReadReply> {
  const explanation = await explain(rt, asked)
  const { decisionId, customerId, revision: hash, shown } = explanation
  const revision = await revisionById(rt, hash)
  const language = (await languagesOf(rt.db, [customerId])).get(customerId)
  const messages = shown.map(({ action, treatment, offer, variables }) => {
    const message = messageOf(documentOf<TreatmentDocument>(revision, 'treatment', treatment), revision, language)
    const options = { format: message.format, language: message.language }
    const text = render(message.text, { variables, offer }, options)
    const subject =
      message.subject === null ? null : render(message.subject, { variables, offer }, { ...options, format: 'line' })
    return {
      action,
      treatment,
      language: message.language,
      format: message.format,
      subject: subject?.ok ? subject.text : null,
      text: text.ok ? text.text : null,
    }
  })
  return { decisionId, explanation, messages }
}
