import { freezeOffer, type OfferDocument, type TreatmentDocument } from '#decide/propositions'
import type { Complaint, ExtraCheck, Finding, Kind, Path, Tools } from '#trust/playbook'
import { type Format, TemplateDocument } from './contract.ts'
import { namesIn, type Rendered, render } from './render.ts'

/** Any day will do to see the figures of an offer that has not ended. */
const SAMPLE_DAY = '1970-01-01'

function complaintOf(failed: { error: string; at?: number }): Complaint {
  const { error, at } = failed
  return {
    found: error,
    expected: 'Liquid that can be filled in',
    message: `This text can't be rendered: ${error}.`,
    ...(at === undefined ? {} : { at }),
  }
}

function checkTemplate(template: TemplateDocument, _set: unknown, tools: Tools): Finding[] {
  const findings: Finding[] = []
  for (const part of ['text', 'subject'] as const) {
    const format: Format = part === 'subject' ? 'line' : (template.format ?? 'text')
    for (const [language, source] of Object.entries(template[part] ?? {})) {
      if (!(language in template.text)) {
        findings.push(
          tools.finding([part, language], {
            found: `a subject in ${language}`,
            expected: `a language of the text: ${Object.keys(template.text).join(', ')}`,
            message: 'There is no text in this language: write it, or remove the subject.',
          }),
        )
      }
      template.samples.forEach((sample, at) => {
        const rendered = render(source, sample.data, { format, language })
        if (!rendered.ok) findings.push(tools.finding([part, language], complaintOf(rendered)))
        else if (part === 'text') findings.push(...wordsOf(template, rendered.text, at, language, tools))
      })
    }
  }
  return findings
}

function wordsOf(template: TemplateDocument, text: string, at: number, language: string, tools: Tools): Finding[] {
  const { contains = [], excludes = [] } = template.samples[at]!
  const say = (key: string, item: number, expected: string) =>
    tools.finding(['samples', at, key, item], {
      found: `${language}: ${text.slice(0, 60)}`,
      expected,
      message: `The text for "${template.samples[at]!.title}" is not as it should be.`,
    })
  return [
    ...contains.flatMap((words, item) => (text.includes(words) ? [] : [say('contains', item, `"${words}" in it`)])),
    ...excludes.flatMap((words, item) => (text.includes(words) ? [say('excludes', item, `no "${words}" in it`)] : [])),
  ]
}

/**
 * A treatment's text, or its template's, with what the treatment can fill in: its variables and its offer. The
 * values are made up, of whatever sort the text can use; what is found is a name that nothing fills, and Liquid that
 * fails.
 */
function checkTreatment(treatment: TreatmentDocument, _set: unknown, tools: Tools): Finding[] {
  const template = treatment.template
    ? (tools.find('template', treatment.template) as TemplateDocument | undefined)
    : undefined
  const offerDocument = treatment.offer
    ? (tools.find('offer', treatment.offer) as OfferDocument | undefined)
    : undefined
  const offer = offerDocument ? (freezeOffer(offerDocument, SAMPLE_DAY, true) ?? null) : null
  const names = Object.keys(treatment.variables ?? {})
  const findings: Finding[] = []
  for (const part of ['text', 'subject'] as const) {
    const format: Format = part === 'subject' ? 'line' : (template?.format ?? 'text')
    for (const [language, source] of Object.entries(treatment[part] ?? template?.[part] ?? {})) {
      const path: Path = treatment[part] ? [part, language] : ['template']
      const place = (failed: { error: string; at?: number }) =>
        tools.finding(path, complaintOf(treatment[part] ? failed : { error: failed.error }))
      const missing = missingNames(source, names, offer)
      if (typeof missing !== 'string') findings.push(place(missing))
      else if (missing) {
        findings.push(
          tools.finding(path, {
            found: `{{ ${missing} }}`,
            expected: `one of ${[...names.map((name) => `variables.${name}`), ...Object.keys(offer ?? {}).map((name) => `offer.${name}`)].join(', ')}`,
            message: `Nothing fills ${missing}: add it to the treatment's variables${offer ? '' : ' or give the treatment an offer'}.`,
          }),
        )
      } else {
        const rendered = renderWithAnything(source, names, offer, { format, language })
        if (!rendered.ok) findings.push(place(rendered))
      }
    }
  }
  return findings
}

/** The first name that neither variables nor offer fill; '' when there is none; the failure when it can't be read. */
function missingNames(
  source: string,
  variables: readonly string[],
  offer: object | null,
): string | { error: string; at?: number } {
  const read = namesIn(source)
  if (!read.ok) return read
  return (
    read.names.find((name) => {
      const [root, field = ''] = name.split('.')
      if (root === 'variables') return !variables.includes(field)
      return !(root === 'offer' && offer !== null && (field === '' || Object.hasOwn(offer, field)))
    }) ?? ''
  )
}

const SORTS: readonly unknown[] = [1, '2026-01-31', 'Riverside', ['one', 'two'], true]

// Which sort of value each variable has is known to the formula, not to the text; so each is tried until the text
// renders, and the failure that comes latest in the text is the one to report.
function renderWithAnything(
  source: string,
  names: readonly string[],
  offer: object | null,
  options: { format: Format; language: string },
): Rendered {
  const variables = Object.fromEntries(names.map((name) => [name, SORTS[0]]))
  let best = render(source, { variables, offer }, options)
  for (const name of names) {
    for (const value of SORTS) {
      if (best.ok) return best
      const before = variables[name]
      variables[name] = value
      const tried = render(source, { variables, offer }, options)
      if (tried.ok || (tried.at ?? 0) > (best.at ?? 0)) best = tried
      else variables[name] = before
    }
  }
  return best
}

/** The kinds of document that this module brings to the playbook. */
export const kinds: Kind<never>[] = [
  { kind: 'template', folder: 'templates', schema: TemplateDocument, check: checkTemplate } as Kind<never>,
]

/** What this module checks in documents of lower layers. */
export const checks: ExtraCheck<never>[] = [
  { name: 'engage/content:treatments', kind: 'treatment', check: checkTreatment } as ExtraCheck<never>,
]
