export { activate, activateFirst, history, prepareHere } from './activation.ts'
export { type Bank, bankOf, ownKinds as kinds } from './bank.ts'
export { canonical, documentHash, revisionHash } from './canonical.ts'
export { invariants } from './check.ts'
export { DocumentId, type DocumentOf, documentSchema, refersTo } from './contract.ts'
export { type DocumentChange, diffSets, diffText, type FieldChange } from './diff.ts'
export { findingAt, pathText, readDocument, shown, type Written, writeDocument } from './document.ts'
export { createDraft, type DraftChange, dropChange, editDraft, undo, withdrawDraft } from './drafts.ts'
export { jobs } from './effects/index.ts'
export { readFolder } from './folder/store.ts'
export { activateFolder, diffFolder, pull, push, testFolder } from './folder.ts'
export { type Follower, followPlaybook } from './jobs.ts'
export {
  type CaseResult,
  type Complaint,
  type Document,
  type DocumentSet,
  documentOf,
  documentsOf,
  type ExtraCheck,
  type Finding,
  type Kind,
  NO_REVISION,
  type Path,
  type Revision,
  registerChecks,
  registeredKinds,
  registerKinds,
  setOf,
  type Tools,
} from './kind.ts'
export { kindsPage } from './reference.ts'
export { type Effect, type EffectOptions, onEffect, onLook, onPrepare } from './registrations.ts'
export { approve, type Review, review } from './review.ts'
export { routes } from './routes.ts'
export { activeRevision, compiled, revisionById } from './running.ts'
export { nearest } from './schema.ts'
export { type Use, usesOf } from './uses.ts'
export { findingText, hasErrors, runCases, validate, writtenOf } from './validate.ts'
