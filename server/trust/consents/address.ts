import type { Medium } from './contract.ts'

/**
 * The one spelling of an address, so that an opt-out finds it however it was typed: e-mail in lower case without
 * surrounding space; telephone as digits with the country, '00' and '+' alike. Undefined when it is no address.
 */
export function normalAddress(medium: Medium, address: string): string | undefined {
  const text = address.normalize('NFKC').trim().toLowerCase()
  if (medium === 'email') return /^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined
  const digits = text.replace(/^\+/, '00').replace(/\D/g, '').replace(/^00/, '')
  return digits.length >= 5 && digits.length <= 15 ? digits : undefined
}
