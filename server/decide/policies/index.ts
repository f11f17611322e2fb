export {
  type CompiledClause,
  clauseReason,
  clausesVerdict,
  feedsVerdict,
  keepsOut,
  type Policies,
  policiesOf,
  type RuleFacts,
  STAGES,
  treatmentVerdict,
} from './clauses.ts'
export { type ConsentFacts, consentVerdict, NO_CONSENTS } from './consent.ts'
export {
  type ContactHistory,
  type ContactRules,
  capVerdict,
  contactRulesOf,
  NO_HISTORY,
  quietVerdict,
  restVerdict,
  type Touch,
} from './contact.ts'
export type { ContactPolicyDocument, PolicyDocument } from './contract.ts'
export { kinds } from './kinds.ts'
export { type Moment, momentOf } from './moment.ts'
export {
  type Asker,
  authorityVerdict,
  creditVerdict,
  type ProtectedFacts,
  productVerdict,
  STANDING_MEMORY_DAYS,
  standingVerdict,
} from './protection.ts'
export { lookUp, type Qualification, qualificationOf, qualifiedVerdict } from './qualification.ts'
export { type Reason, shownFact, VERDICTS, type VerdictName, verdictName } from './verdict.ts'
