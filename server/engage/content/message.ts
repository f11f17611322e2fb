import type { TreatmentDocument } from '#decide/propositions/contract'
import { documentOf, type Revision } from '#trust/playbook'
import type { Format, TemplateDocument } from './contract.ts'

export interface Message {
  /** Every language the text is written in, the bank’s own first. */
  languages: string[]
  language: string
  subject: string | null
  text: string
  /** How its values are escaped, and how it is shown. */
  format: Exclude<Format, 'line'>
}

/**
 * The Liquid source of a treatment's message in the customer's language, or in the first that it has: a customer is
 * better served in the bank's own language than not at all. Pure.
 */
export function messageOf(
  treatment: TreatmentDocument | undefined,
  revision: Revision,
  language: string | undefined,
): Message {
  const template = treatment?.template
    ? documentOf<TemplateDocument>(revision, 'template', treatment.template)
    : undefined
  const texts = treatment?.text ?? template?.text ?? {}
  const subjects = treatment?.subject ?? template?.subject
  const chosen = language && language in texts ? language : (Object.keys(texts)[0] ?? 'en')
  return {
    languages: Object.keys(texts),
    language: chosen,
    subject: subjects?.[chosen] ?? null,
    text: texts[chosen] ?? '',
    format: template?.format ?? 'text',
  }
}
