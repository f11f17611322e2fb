export { type Brought, bringCopy } from './bring.ts'
export { type CopiedTable, type Manifest, type Progress, readManifest } from './manifest.ts'
export { takeCopy } from './take.ts'
