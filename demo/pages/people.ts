import { PEOPLE } from '../showcase.ts'

/** Whom one can be on the bank's pages, and what one should know of them. */
export const WHO = {
  marta: {
    id: PEOPLE.marta,
    name: 'Marta Lindner',
    age: 41,
    story: 'Has just paid the last instalment of a five-year loan.',
  },
  jonas: {
    id: PEOPLE.jonas,
    name: 'Jonas Weber',
    age: 23,
    story: 'Puts fifteen euro aside whenever something is left.',
  },
  elif: {
    id: PEOPLE.elif,
    name: 'Elif Demir',
    age: 34,
    story: 'Shares an account with Tom; they want to buy a home.',
  },
  tom: {
    id: PEOPLE.tom,
    name: 'Tom Brandt',
    age: 36,
    story: 'Shares the account with Elif, and wants no offers.',
  },
  henrik: {
    id: PEOPLE.henrik,
    name: 'Henrik Sommer',
    age: 78,
    story: 'Paid somebody odd yesterday; his daughter may act for him.',
  },
} as const
export type Who = keyof typeof WHO

export const isWho = (text: unknown): text is Who => typeof text === 'string' && Object.hasOwn(WHO, text)
