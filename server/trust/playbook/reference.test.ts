import Type from 'typebox'
import { expect, test } from 'vitest'
import { documentSchema, refersTo } from './contract.ts'
import type { Kind } from './kind.ts'
import { kindsPage } from './reference.ts'

test('the reference says of every field what it holds, whether it is needed, and what it means', () => {
  const schema = documentSchema('offer', {
    group: refersTo('group'),
    rateBp: Type.Integer({ minimum: 0, maximum: 3000, description: 'Yearly rate in basis points.' }),
    class: Type.Optional(Type.Union([Type.Literal('marketing'), Type.Literal('service')])),
    steps: Type.Array(Type.Object({ day: Type.Integer({ minimum: 0 }) }), { maxItems: 9 }),
    texts: Type.Record(Type.String({ pattern: '^[a-z]{2}$' }), Type.String({ maxLength: 90 })),
  })
  const page = kindsPage([{ kind: 'offer', folder: 'offers', schema, documentsMin: 1 } as Kind])
  expect(page).toContain('## offer\n\nIn `offers/`. At least 1.')
  expect(page).toContain('| `group` | id of a `group` | yes |  |')
  expect(page).toContain('| `rateBp` | whole number, 0 to 3000 | yes | Yearly rate in basis points. |')
  expect(page).toContain('| `class` | one of `marketing`, `service` |  |  |')
  expect(page).toContain('| `steps` | list of mapping (at most 9) | yes |  |')
  expect(page).toContain('| `steps[].day` | whole number, 0 or more | yes |  |')
  expect(page).toContain('| `texts` | mapping of names to text (at most 90 characters) | yes |  |')
})
