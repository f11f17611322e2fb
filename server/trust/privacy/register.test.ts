import { describe, expect, test } from 'vitest'
import { declared, registerPage, undeclared } from './register.ts'

const column = (name: string, comment: string | null = null, type = 'text') => ({
  table: 'know.customer',
  column: name,
  type,
  comment,
})

describe('the register of personal data', () => {
  test('a column declares what it is held for and how long', () => {
    expect(declared([column('email', 'personal: contact; retention: 2 years after the customer left')])).toMatchObject([
      { column: 'email', purpose: 'contact', retention: '2 years after the customer left' },
    ])
  })

  test.each(['email', 'home_address', 'given_name', 'birth_on', 'national_id', 'iban', 'evidence', 'noted_by', 'ip'])(
    'a column named %s that declares nothing is found',
    (name) => expect(undeclared([column(name, null, name === 'birth_on' ? 'date' : 'text')])).toHaveLength(1),
  )

  test('a purpose without a retention is not a declaration', () => {
    expect(undeclared([column('nickname', 'personal: contact')])).toHaveLength(1)
  })

  test('a column that only looks personal says why it is not', () => {
    expect(undeclared([column('email', 'not personal: the bank’s own sender address')])).toEqual([])
  })

  test.each(['title', 'description', 'ip_ratio_bp', 'city_count'])('%s holds nothing about a person', (name) => {
    expect(undeclared([column(name, null, 'bigint')])).toEqual([])
  })

  test('the page for the data protection officer lists them by table', () => {
    const page = registerPage(declared([column('email', 'personal: contact | care; retention: 2 years')]))
    expect(page).toContain('## know.customer')
    expect(page).toContain('| email | contact \\| care | 2 years |')
  })
})
