export { type Bank, bankOf, ownKinds as kinds } from './bank.ts'
export { canonical, documentHash, revisionHash } from './canonical.ts'
export { findingAt, pathText, readDocument, shown, type Written, writeDocument } from './document.ts'
export {
  type CaseResult,
  type Complaint,
  type Document,
  DocumentId,
  type DocumentOf,
  type DocumentSet,
  documentOf,
  documentSchema,
  documentsOf,
  type Finding,
  type Kind,
  NO_REVISION,
  type Path,
  type Revision,
  refersTo,
  registeredKinds,
  registerKinds,
  setOf,
  type Tools,
} from './kind.ts'
export { activeRevision, compiled, loadRevision, stops } from './running.ts'
export { readStops as stopsNow, type Stops } from './stops/store.ts'
export { findingText, hasErrors, runCases, validate, writtenOf } from './validate.ts'
