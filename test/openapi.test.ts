/** /api/openapi.json as those who generate clients from it read it: well formed, whole, and true of what is served. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#app/modules'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { OPENAPI_FORM } from './openapi-form.ts'

type Json = Record<string, unknown>
interface Operation {
  operationId: string
  tags: string[]
  parameters?: { name: string; in: string; schema: Json }[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { content?: Record<string, { schema: Json }> }>
  security?: Record<string, string[]>[]
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  security: Record<string, string[]>[]
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

let bank: TestBank
let http: TestHttp
let served: Document
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const answer = await http.call('GET', '/api/openapi.json')
  expect(answer.status).toBe(200)
  served = answer.body
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const isForm = ajv.compile(OPENAPI_FORM)
const flaws = (document: unknown): string[] =>
  isForm(document) ? [] : isForm.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`)

const operations = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

/** Every object within, with the place where it stands. */
function* nodes(value: unknown, at = '#'): Generator<[string, Json]> {
  if (Array.isArray(value)) for (const [place, item] of value.entries()) yield* nodes(item, `${at}/${place}`)
  else if (typeof value === 'object' && value !== null) {
    yield [at, value as Json]
    for (const [key, item] of Object.entries(value)) yield* nodes(item, `${at}/${key.replaceAll('/', '~1')}`)
  }
}

const schemasIn = ({ parameters = [], requestBody, responses }: Operation): Json[] => [
  ...parameters.map(({ schema }) => schema),
  ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
  ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
]

function lostReferences(document: Document): string[] {
  const lost: string[] = []
  for (const [at, node] of nodes(document)) {
    if (typeof node.$ref !== 'string') continue
    const steps = node.$ref
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/'))
    const target = node.$ref.startsWith('#/')
      ? steps.reduce<unknown>((from, step) => (from as Json)?.[step], document)
      : undefined
    if (target === undefined) lost.push(`${at} → ${node.$ref}`)
  }
  return lost
}

describe('the contract that the server gives away', () => {
  test('is an OpenAPI 3.1 document', () => {
    expect(flaws(served)).toEqual([])
  })

  test('every schema in it is a JSON Schema of 2020-12 that compiles', () => {
    const all = [
      ...operations(served).flatMap(({ operation }) => schemasIn(operation)),
      ...Object.values(served.components.schemas),
    ]
    expect(all.length).toBeGreaterThan(200)
    for (const schema of all) {
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true)
      if (schema.$ref === undefined)
        expect(() => ajv.compile(schema), JSON.stringify(schema).slice(0, 200)).not.toThrow()
    }
  })

  test('every reference leads somewhere, and every schema kept for reference is one', () => {
    expect(lostReferences(served)).toEqual([])
    const text = JSON.stringify(served.paths)
    for (const name of Object.keys(served.components.schemas)) expect(text).toContain(`"#/components/schemas/${name}"`)
  })

  test('every operation has a name of its own', () => {
    const ids = operations(served).map(({ operation }) => operation.operationId)
    expect(ids.length).toBe(routes.length)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('postEngageInboundAsk')
    expect(ids).toContain('getKnowCustomersByCustomerId')
  })

  test('what stands in a path is declared, once, and nothing else is said to stand there', () => {
    for (const { path, method, operation } of operations(served)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`)
      const declared = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`)
      expect(new Set(declared).size, `${method} ${path}`).toBe(declared.length)
      expect(declared.filter((one) => one.startsWith('path ')).sort(), `${method} ${path}`).toEqual(inPath.sort())
    }
  })

  test('every answer has a schema, and every operation says how a failure looks', () => {
    for (const { path, method, operation } of operations(served)) {
      for (const [status, { content }] of Object.entries(operation.responses))
        for (const media of Object.values(content ?? {}))
          expect(media.schema, `${method} ${path} ${status}`).toBeDefined()
      const good = Object.keys(operation.responses).filter((status) => /^2/.test(status))
      expect(good.length, `${method} ${path}`).toBe(1)
      expect(operation.responses[good[0]!]!.content, `${method} ${path}`).toBeDefined()
      expect(JSON.stringify(operation.responses.default)).toContain('#/components/schemas/Problem')
    }
  })

  test('every way to sign in that an operation asks for is told', () => {
    const known = Object.keys(served.components.securitySchemes)
    for (const { path, operation } of operations(served))
      for (const requirement of operation.security ?? served.security)
        for (const scheme of Object.keys(requirement)) expect(known, path).toContain(scheme)
  })

  test('a client is told which methods there are, and no more', () => {
    const told = operations(served).map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    const there = routes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
    expect(told.sort()).toEqual([...there].sort())
  })
})

describe('a fault in the contract is found', () => {
  const broken = (change: (document: Document) => unknown): Document => {
    const copy = structuredClone(served)
    change(copy)
    return copy
  }
  const ask = (document: Document): Operation => document.paths['/api/engage/inbound/ask']!.post!

  test.each<[string, (document: Document) => unknown]>([
    ['an answer without its description', (d) => Reflect.deleteProperty(ask(d).responses['200']!, 'description')],
    [
      'an answer without a schema',
      (d) => Object.assign(ask(d).responses['200']!, { content: { 'application/json': {} } }),
    ],
    ['an operation without a name', (d) => Reflect.deleteProperty(ask(d), 'operationId')],
    ['a path that begins nowhere', (d) => Object.assign(d.paths, { 'api/know': d.paths['/api/engage/inbound/ask'] })],
    [
      'a parameter in a place that is none',
      (d) => Object.assign(ask(d), { parameters: [{ name: 'a', in: 'body', schema: {} }] }),
    ],
    [
      'a path parameter that may be missing',
      (d) => Object.assign(ask(d), { parameters: [{ name: 'a', in: 'path', schema: {} }] }),
    ],
    ['a field that OpenAPI does not have', (d) => Object.assign(ask(d), { rate: 60 })],
  ])('%s', (_what, change) => {
    expect(flaws(broken(change))).not.toEqual([])
  })

  test('a reference that leads nowhere', () => {
    expect(
      lostReferences(broken((d) => Reflect.deleteProperty(d.components.schemas, 'Problem'))).length,
    ).toBeGreaterThan(100)
  })

  test('a schema that is none', () => {
    expect(ajv.validateSchema({ type: 'money' })).toBe(false)
  })
})
