import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { languageReference } from './language-page.ts'

test('the published reference of the language is what the code says, and says something of every function', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/expressions.md'), 'utf8')
  expect(page.endsWith(languageReference())).toBe(true)
  expect(page).not.toContain('undefined')
})
