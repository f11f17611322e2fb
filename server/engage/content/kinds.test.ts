import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { type Kind, readDocument, registerChecks, validate } from '#trust/playbook'
import { documentSchema } from '#trust/playbook/contract'
import { checks, kinds } from './kinds.ts'

// The kinds of decide, as far as a text needs them.
const treatment = {
  kind: 'treatment',
  folder: 'treatments',
  schema: documentSchema('treatment', {
    text: Type.Optional(Type.Unknown()),
    template: Type.Optional(Type.String()),
    variables: Type.Optional(Type.Unknown()),
    offer: Type.Optional(Type.String()),
  }),
} as Kind<never>
const offer = {
  kind: 'offer',
  folder: 'offers',
  schema: documentSchema('offer', {
    product: Type.String(),
    currency: Type.String(),
    rateBp: Type.Integer(),
    validDays: Type.Integer(),
  }),
} as Kind<never>
const known = [...kinds, treatment, offer] as unknown as Kind[]

registerChecks(...checks)

const findingsOf = (...texts: string[]) =>
  validate(
    texts.map((text) => readDocument('', text)),
    known,
  )

describe('a template is rendered for its sample customers whenever the playbook is validated', () => {
  const template = (text: string, sample = '{ title: Ana, data: { variables: { name: Ana } } }') =>
    `kind: template\nid: hello\ntitle: Hello\ntext:\n  en: '${text}'\nsamples:\n  - ${sample}\n`

  test('one that reads well has no findings', () => {
    expect(findingsOf(template('Hello {{ variables.name }}.'))).toEqual([])
  })

  test('a value that the sample lacks is found at its character', () => {
    expect(findingsOf(template('Hello {{ variables.nmae }}.'))).toMatchObject([
      { path: 'text.en', line: 5, column: 17, found: 'undefined variable: variables.nmae' },
    ])
  })

  test('words that must be read, and words that must never be, are looked for', () => {
    const sample = '{ title: Ana, data: { variables: { name: Ana } }, contains: [Caution], excludes: [instant] }'
    expect(findingsOf(template('An instant loan for {{ variables.name }}.', sample))).toMatchObject([
      { path: 'samples[0].contains[0]', expected: '"Caution" in it' },
      { path: 'samples[0].excludes[0]', expected: 'no "instant" in it' },
    ])
  })
})

describe('a treatment’s text says only what the treatment can fill in', () => {
  const own = (text: string, more = '') => `kind: treatment\nid: t\ntitle: T\ntext:\n  en: "${text}"\n${more}`
  const goal = 'kind: offer\nid: goal\ntitle: Goal\nproduct: goal\ncurrency: EUR\nrateBp: 175\nvalidDays: 30\n'

  test('variables and offer, whatever sort of value they turn out to be', () => {
    const text =
      '{{ variables.sum | money: offer.currency }} by {{ variables.due | day }} at {{ offer.rateBp | percent }}'
    expect(findingsOf(goal, own(text, 'variables: { sum: a, due: b }\noffer: goal\n'))).toEqual([])
  })

  test('a name that nothing fills is named, with what there is', () => {
    expect(findingsOf(own('{{ variables.sum }}', 'variables: { total: a }\n'))).toMatchObject([
      { path: 'text.en', found: '{{ variables.sum }}', expected: 'one of variables.total' },
    ])
  })

  test('an offer’s figure without an offer is found', () => {
    expect(findingsOf(own('{{ offer.rateBp }}'))).toMatchObject([
      { message: expect.stringContaining('give the treatment an offer') },
    ])
  })

  test('a shared template is checked against each treatment that uses it', () => {
    const template =
      'kind: template\nid: hello\ntitle: H\ntext: { en: "{{ variables.name }}" }\nsamples: [{ title: A, data: { variables: { name: A } } }]\n'
    const user = 'kind: treatment\nid: t\ntitle: T\ntemplate: hello\n'
    expect(findingsOf(template, user)).toMatchObject([
      { kind: 'treatment', path: 'template', found: '{{ variables.name }}' },
    ])
  })

  test('Liquid that is not Liquid is found where it breaks', () => {
    expect(findingsOf(own('Hello {{ variables.a'))).toMatchObject([
      { path: 'text.en', line: 5, found: expect.stringContaining('not closed') },
    ])
  })
})
