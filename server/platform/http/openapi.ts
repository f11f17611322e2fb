import { ProblemReply } from './contract.ts'
import type { Route } from './route.ts'
import { bounded } from './validate.ts'

type Json = Record<string, unknown>

const pathOf = (url: string): string => url.replace(/:(\w+)/g, '{$1}')
/** POST /api/engage/inbound/ask is postEngageInboundAsk; a parameter is told as By…: getKnowCustomersByCustomerId. */
export const operationIdOf = ({ method, url }: Pick<Route, 'method' | 'url'>): string =>
  method.toLowerCase() +
  url
    .replace(/^\/api/, '')
    .replace(/:(\w)/g, (_, first: string) => `by-${first}`)
    .replace(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase())
    .replace(/[^A-Za-z0-9]/g, '')
const moduleOf = (url: string): string => url.split('/').slice(2, 4).join('/') || 'platform'

function parametersOf(where: 'path' | 'query', schema: Json | undefined): Json[] {
  const properties = (schema?.properties ?? {}) as Record<string, Json>
  const required = new Set((schema?.required ?? []) as string[])
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.has(name),
    ...(property.description === undefined ? {} : { description: property.description }),
    schema: property,
  }))
}

const headerOf = (name: string, maxLength: number, description: string): Json => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', maxLength },
})
// What is no JSON is text, line by line.
const TEXT = { schema: { type: 'string' } }

function operationOf(route: Route): Json {
  const parameters = [
    ...parametersOf('path', route.params && bounded(route.params)),
    ...parametersOf('query', route.query && bounded(route.query)),
    ...(route.idempotent
      ? [headerOf('Idempotency-Key', 200, 'The same key gives the same answer again, and the effect happens once.')]
      : []),
    ...(route.scope === undefined
      ? []
      : [headerOf('X-Access-Reason', 1000, 'Why a person opens a sealed record; it goes on record.')]),
    ...(route.method === 'GET' || route.needs === 'customer'
      ? []
      : [headerOf('X-CSRF-Token', 200, 'Of a signed-in person; a system with a key sends none.')]),
  ]
  const problem = {
    description: 'A failure.',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  const content =
    route.consumes === undefined
      ? route.body
        ? { 'application/json': { schema: bounded(route.body) } }
        : undefined
      : { [route.consumes]: TEXT }
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    tags: [moduleOf(route.url)],
    'x-needs': route.needs,
    'x-rate-per-minute': route.rate.perMinute,
    ...(route.needs === 'public' ? { security: [] } : {}),
    ...(route.needs === 'customer' ? { security: [{ customer: [] }] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: {
      [String(route.status ?? 200)]: {
        description: 'Done.',
        content:
          route.produces === undefined
            ? { 'application/json': { schema: bounded(route.reply) } }
            : { [route.produces]: TEXT },
      },
      default: problem,
    },
  }
}

/** The OpenAPI 3.1 document of all routes, in a fixed order. */
export function openapi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {}
  for (const route of [...routes].sort((a, b) =>
    a.url < b.url ? -1 : a.url > b.url ? 1 : a.method < b.method ? -1 : 1,
  )) {
    const path = pathOf(route.url)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Clientele', version: '1', description: 'The customer-management system of a retail bank.' },
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        customer: {
          type: 'http',
          scheme: 'bearer',
          description: "A customer's token, which the bank's own system asks for and hands to the customer's browser.",
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'clientele_session',
          description: 'A signed-in person; writes also need the X-CSRF-Token header.',
        },
      },
      schemas: { Problem: bounded(ProblemReply) },
    },
  }
}
