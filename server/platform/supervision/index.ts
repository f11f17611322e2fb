export { ended, type Identity, identityOf, isAlive, ownIdentity, signal } from './identity.ts'
export { tryLock, unlock, withLock } from './lock.ts'
export { enter, residents } from './residents.ts'
