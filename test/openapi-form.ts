/** The form of an OpenAPI 3.1 document, as far as ours uses it, as a JSON Schema; schemas in it are judged by their own. */
const open = (properties: Record<string, unknown>, required: readonly string[], more: object = {}) => ({
  type: 'object',
  properties,
  required,
  patternProperties: { '^x-': true },
  additionalProperties: false,
  ...more,
})
const text = { type: 'string', minLength: 1 }
const ref = (name: string) => ({ $ref: `#/$defs/${name}` })
const mapOf = (value: unknown, more: object = {}) => ({ type: 'object', additionalProperties: value, ...more })

export const OPENAPI_FORM = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...open(
    {
      openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
      info: open({ title: text, version: text, description: text, summary: text }, ['title', 'version']),
      servers: { type: 'array', items: open({ url: text, description: text }, ['url']) },
      security: { type: 'array', items: ref('requirement') },
      tags: { type: 'array', items: open({ name: text, description: text }, ['name']) },
      paths: {
        type: 'object',
        patternProperties: { '^/': ref('path') },
        additionalProperties: false,
        minProperties: 1,
      },
      components: open({ schemas: mapOf(ref('schema')), securitySchemes: mapOf(ref('securityScheme')) }, []),
    },
    ['openapi', 'info', 'paths'],
  ),
  $defs: {
    path: open(
      Object.fromEntries(['get', 'put', 'post', 'delete', 'patch'].map((method) => [method, ref('operation')])),
      [],
      { minProperties: 1 },
    ),
    operation: open(
      {
        operationId: { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$' },
        summary: text,
        description: text,
        tags: { type: 'array', items: text, uniqueItems: true },
        parameters: { type: 'array', items: ref('parameter') },
        requestBody: open({ description: text, required: { type: 'boolean' }, content: ref('content') }, ['content']),
        responses: {
          type: 'object',
          patternProperties: { '^([1-5][0-9][0-9]|[1-5]XX|default)$': ref('response') },
          additionalProperties: false,
          minProperties: 1,
        },
        security: { type: 'array', items: ref('requirement') },
        deprecated: { type: 'boolean' },
      },
      ['operationId', 'summary', 'tags', 'responses'],
    ),
    parameter: open(
      {
        name: text,
        in: { enum: ['path', 'query', 'header', 'cookie'] },
        required: { type: 'boolean' },
        description: text,
        schema: ref('schema'),
      },
      ['name', 'in', 'schema'],
      // What stands in the path is always there.
      {
        anyOf: [
          { properties: { in: { enum: ['query', 'header', 'cookie'] } } },
          { properties: { required: { const: true } }, required: ['required'] },
        ],
      },
    ),
    response: open({ description: text, headers: { type: 'object' }, content: ref('content') }, ['description']),
    content: {
      type: 'object',
      patternProperties: { '^[a-z]+/[a-z0-9.+-]+(; .+)?$': open({ schema: ref('schema') }, ['schema']) },
      additionalProperties: false,
      minProperties: 1,
    },
    requirement: mapOf({ type: 'array', items: text }),
    securityScheme: {
      oneOf: [
        open({ type: { const: 'http' }, scheme: text, bearerFormat: text, description: text }, ['type', 'scheme']),
        open(
          { type: { const: 'apiKey' }, in: { enum: ['query', 'header', 'cookie'] }, name: text, description: text },
          ['type', 'in', 'name'],
        ),
      ],
    },
    schema: { type: ['object', 'boolean'] },
  },
} as const
