export { type AdvisedFields, type AdviseOptions, advisedFields, serverLegRules } from './advised-fields.ts'
export { type FieldValue, WIRE_FIELD_NAMES, type WireFields, wireFields } from './fields.ts'
export type {
  Assumption,
  AssumptionCode,
  TermCode,
  UnknownReason,
  Wire,
  WireFigure,
  WireKind,
  WireTerm,
} from './figure.ts'
export type { LoggedTransfer } from './logged-transfer.ts'
export { type Model, type ModelHints, type ModelSource, type ModelTrap, modelFor } from './model.ts'
export { kindOf, type RangeTotal } from './range-sum.ts'
export { Signatures } from './signatures.ts'
export {
  type Accounting,
  accountingOf,
  parseVersion,
  type Version,
  wireCounters,
} from './version.ts'
export { WireSum, type WireTotal } from './wire-sum.ts'
