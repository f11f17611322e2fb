export {
  type Action,
  type Catalogue,
  catalogueOf,
  compiled,
  effectiveClass,
  isCredit,
  type Treatment,
} from './catalogue.ts'
export type {
  ActionDocument,
  ChannelDocument,
  FrozenOffer,
  OfferDocument,
  ProductDocument,
  TreatmentClass,
  TreatmentDocument,
} from './contract.ts'
export { aprBpOf, CREDIT_FIGURES, instalmentMinorOf, missingCreditFigures } from './credit-example.ts'
export { CALLER_FIELDS, CONTEXT_FIELDS, playbookEnvironment } from './environment.ts'
export { freezeOffer } from './freeze.ts'
export { checkFeeds, checkFormula, environmentOf, kinds } from './kinds.ts'
