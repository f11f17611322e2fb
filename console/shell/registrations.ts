import type { Registration } from './registration.ts'

/** Every module's registration, found by its place in the tree. */
const found = import.meta.glob<{ default: Registration }>(['../*/*/index.tsx', '!../shell/**', '!../ui/**'], {
  eager: true,
})
export const registrations: readonly Registration[] = Object.entries(found)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, { default: registration }]) => registration)
