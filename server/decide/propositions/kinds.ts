import { compile, type Environment, type ValueType } from '#platform/expressions'
import type { DocumentSet, Finding, Kind, Path, Tools } from '#trust/playbook'
import { effectiveClass, isCredit } from './catalogue.ts'
import {
  ActionDocument,
  ChannelDocument,
  GroupDocument,
  IssueDocument,
  OfferDocument,
  ProductDocument,
  PropositionDocument,
  ToneDocument,
  TreatmentDocument,
} from './contract.ts'
import { missingCreditFigures, wrongCreditFigures } from './credit-example.ts'
import { playbookEnvironment } from './environment.ts'

/** The environment of a set of documents, built once per validation. */
export const environmentOf = (set: DocumentSet, tools: Tools): Environment =>
  tools.once('decide.environment', () => playbookEnvironment(set))

/** What is wrong with one formula: the first error at its character. `types`: what it may yield; empty: anything. */
export function checkFormula(
  env: Environment,
  source: string,
  types: readonly ValueType[],
  path: Path,
  tools: Tools,
): Finding[] {
  const result = compile(env, source)
  if (!result.ok)
    return result.errors.map((error) =>
      tools.finding(path, { found: error.found, expected: error.expected, message: error.message, at: error.at }),
    )
  if (types.length > 0 && !types.includes(result.program.type as ValueType))
    return [
      tools.finding(path, {
        found: `a ${result.program.type}`,
        expected: types.join(' or '),
        message: `This formula yields a ${result.program.type}; it must yield ${types.join(' or ')}.`,
      }),
    ]
  return result.program.readsWithoutHas
    .filter((field) => !statesDefault(field, tools))
    .map((field) =>
      tools.finding(path, {
        severity: 'warning',
        found: `${field} without has(${field})`,
        expected: 'a default that is right for customers without the value',
        message: `Where ${field} is absent, its default is used: state the default in the attribute, or ask has() first.`,
      }),
    )
}

/** Feeds that no source of the playbook is: what rests on them would never wait. A playbook without sources may name any. */
export const checkFeeds = (feeds: readonly string[] | undefined, path: Path, tools: Tools): Finding[] =>
  tools.all('source').length === 0
    ? []
    : (feeds ?? []).flatMap((feed, place) => tools.refer([...path, place], 'source', feed))

// An attribute whose document states its default has been thought about; so have the fields of the context.
function statesDefault(field: string, tools: Tools): boolean {
  const [space, id] = field.split('.')
  return space !== 'customer' || tools.find('attribute', id ?? '')?.default !== undefined
}

const AMOUNT: readonly ValueType[] = ['int', 'double']

function checkProduct(document: ProductDocument, _set: DocumentSet, tools: Tools): Finding[] {
  const { ageYearsMin, ageYearsMax } = document
  if (document.prerequisites?.includes(document.id))
    return [
      tools.finding(['prerequisites'], {
        found: document.id,
        expected: 'other products',
        message: 'A product cannot be its own prerequisite: nobody could ever be offered it.',
      }),
    ]
  if (ageYearsMin !== undefined && ageYearsMax !== undefined && ageYearsMin > ageYearsMax)
    return [
      tools.finding(['ageYearsMax'], {
        found: `${ageYearsMax}`,
        expected: `at least ageYearsMin, ${ageYearsMin}`,
        message: 'Nobody is old enough and young enough at once.',
      }),
    ]
  return []
}

function checkAction(document: ActionDocument, set: DocumentSet, tools: Tools): Finding[] {
  const env = environmentOf(set, tools)
  const findings = [
    ...checkFormula(env, document.value.bank, AMOUNT, ['value', 'bank'], tools),
    ...checkFormula(env, document.value.customer, AMOUNT, ['value', 'customer'], tools),
    ...checkFeeds(document.feeds, ['feeds'], tools),
  ]
  if (document.prior && document.prior.accepted >= document.prior.offered)
    findings.push(
      tools.finding(['prior', 'accepted'], {
        found: `${document.prior.accepted} of ${document.prior.offered}`,
        expected: 'fewer than were offered',
        message: 'A prior says how many of so many offers were taken up; fewer are than were offered.',
      }),
    )
  const treatments = tools.all('treatment') as unknown as TreatmentDocument[]
  if (!document.nothing && !treatments.some((treatment) => treatment.action === document.id))
    findings.push(
      tools.finding([], {
        severity: 'warning',
        found: 'no treatment',
        expected: 'at least one',
        message: 'No treatment says how this action is put to a customer, so it is never offered.',
      }),
    )
  const nothings = (tools.all('action') as unknown as ActionDocument[]).filter((action) => action.nothing)
  if (document.nothing && nothings[0]?.id !== document.id)
    findings.push(
      tools.finding(['nothing'], {
        found: `${nothings.length} actions that do nothing`,
        expected: 'one',
        message: `${nothings[0]?.id} already is the action that does nothing.`,
      }),
    )
  return findings
}

function checkTreatment(document: TreatmentDocument, set: DocumentSet, tools: Tools): Finding[] {
  const env = environmentOf(set, tools)
  const findings: Finding[] = []
  const say = (path: Path, found: string, expected: string, message: string, severity: 'error' | 'warning' = 'error') =>
    findings.push(tools.finding(path, { found, expected, message, severity }))
  for (const [name, source] of Object.entries(document.variables ?? {}))
    findings.push(...checkFormula(env, source, [], ['variables', name], tools))
  if ((document.template === undefined) === (document.text === undefined))
    say(
      [],
      document.text ? 'a template and a text' : 'neither template nor text',
      'one of them',
      'A treatment says its message by a template or by a text of its own.',
    )
  const action = tools.find('action', document.action) as unknown as ActionDocument | undefined
  if (!action) return findings
  const product = action.product
    ? (tools.find('product', action.product) as unknown as ProductDocument | undefined)
    : undefined
  if (document.class !== undefined && document.class !== effectiveClass(document, action))
    say(
      ['class'],
      document.class,
      'marketing',
      document.promotional
        ? 'A promotional sentence makes the whole message marketing.'
        : `The action ${action.id} is marketing, so each of its treatments is.`,
    )
  if (action.nothing)
    say(['action'], action.id, 'an action that does something', 'Doing nothing is not put to a customer.')
  const offer = document.offer
    ? (tools.find('offer', document.offer) as unknown as OfferDocument | undefined)
    : undefined
  if (offer && action.product && offer.product !== action.product)
    say(
      ['offer'],
      `an offer of ${offer.product}`,
      `an offer of ${action.product}`,
      'The offer is of another product than the action.',
    )
  const channel = tools.find('channel', document.channel) as unknown as ChannelDocument | undefined
  if (offer && channel?.textCharactersMax !== undefined && channel.textCharactersMax < 400 && isCredit(action, product))
    say(
      ['offer'],
      `a credit offer on ${channel.id}, ${channel.textCharactersMax} characters`,
      'no figures of a credit',
      'The full example and its warning do not fit this channel, so no figure of the credit may stand there.',
    )
  const tone = document.tone ? (tools.find('tone', document.tone) as unknown as ToneDocument | undefined) : undefined
  for (const part of ['text', 'subject'] as const)
    for (const [language, text] of Object.entries(document[part] ?? {}))
      for (const word of tone?.forbidden ?? [])
        if (withoutTags(text).toLowerCase().includes(word.toLowerCase()))
          say([part, language], `'${word}'`, `no '${word}'`, `The tone ${tone?.title} forbids '${word}'.`)
  if (action.class === 'marketing' && isCredit(action, product))
    for (const [language, text] of Object.entries(document.text ?? {}))
      if (/\binstant/i.test(text))
        say(['text', language], "'instant'", 'another word', 'Credit is never called instant.')
  return findings
}

/** The text outside Liquid's own tags, whose operators (`!=`) are not what the customer reads. */
const withoutTags = (text: string): string => text.replace(/\{[{%][^}]*[}%]\}/g, ' ')

function checkOffer(document: OfferDocument, set: DocumentSet, tools: Tools): Finding[] {
  const findings: Finding[] = []
  if (document.preApproved !== undefined)
    findings.push(...checkFormula(environmentOf(set, tools), document.preApproved, ['bool'], ['preApproved'], tools))
  const product = tools.find('product', document.product) as unknown as ProductDocument | undefined
  if (!product?.credit) return findings
  const missing = missingCreditFigures(document)
  if (missing.length > 0)
    findings.push(
      tools.finding([], {
        found: `no ${missing.join(', ')}`,
        expected: 'the whole representative example, or no figure at all',
        message:
          'Any rate or cost of a credit brings rate, fees, amount, APR, term, instalment, total and the warning.',
      }),
    )
  for (const { figure, found, expected } of wrongCreditFigures(document))
    findings.push(
      tools.finding([figure], {
        found: String(found),
        expected: String(expected),
        message: `${figure} does not follow from amount, rate, term and fee.`,
      }),
    )
  return findings
}

function checkProposition(document: PropositionDocument, _set: DocumentSet, tools: Tools): Finding[] {
  const seen = new Set<string>()
  return document.ladder.flatMap((step, position) => {
    if (!seen.has(step.id)) {
      seen.add(step.id)
      return []
    }
    return [
      tools.finding(['ladder', position, 'id'], {
        found: step.id,
        expected: 'an id of its own',
        message: `Two steps of the ladder are called ${step.id}.`,
      }),
    ]
  })
}

/** A kind whose check is typed by its own schema. */
const kind = <D extends object>(definition: Kind<D>): Kind => definition as unknown as Kind

export const kinds: Kind[] = [
  kind<ProductDocument>({ kind: 'product', folder: 'products', schema: ProductDocument, check: checkProduct }),
  kind<PropositionDocument>({
    kind: 'proposition',
    folder: 'propositions',
    schema: PropositionDocument,
    check: checkProposition,
  }),
  kind<IssueDocument>({ kind: 'issue', folder: 'issues', schema: IssueDocument }),
  kind<GroupDocument>({ kind: 'group', folder: 'groups', schema: GroupDocument }),
  kind<ActionDocument>({ kind: 'action', folder: 'actions', schema: ActionDocument, check: checkAction }),
  kind<TreatmentDocument>({
    kind: 'treatment',
    folder: 'treatments',
    schema: TreatmentDocument,
    check: checkTreatment,
  }),
  kind<OfferDocument>({ kind: 'offer', folder: 'offers', schema: OfferDocument, check: checkOffer }),
  kind<ChannelDocument>({ kind: 'channel', folder: 'channels', schema: ChannelDocument }),
  kind<ToneDocument>({ kind: 'tone', folder: 'tones', schema: ToneDocument }),
]
