export {
  type CheckCounts,
  type ClusterRange,
  type Owner,
  type Survey,
  type SurveyOptions,
  survey as check,
  type Use,
  type Verdict,
} from './check/index.ts'
export { Qcow2Error, type Qcow2ErrorCode } from './errors.ts'
export {
  CONSENT_CLASSES,
  type ConsentClass,
  type FieldValue,
  type Finding,
  type FindingCode,
  findingText,
  type GuestRange,
  type Remedy,
  type RepairClass,
  type SafeClass,
  type Severity,
} from './findings/index.ts'
export type {
  Bitmap,
  Blocker,
  Image,
  L1Table,
  OwnedRange,
  Snapshot,
  SnapshotTable,
} from './image/index.ts'
export { type ApplyOptions, applyPlan } from './library/apply-plan.ts'
export { type OpenedImage, type OpenOptions, open } from './library/open.ts'
export { undo } from './library/undo.ts'
export {
  type DiskSelector,
  type Extent,
  type ExtentKind,
  type GuestBytes,
  type GuestSource,
  type LostRange,
  type MappingOptions,
  mapping,
  readGuest,
} from './mapping/index.ts'
export {
  type Action,
  type ImageFingerprint,
  type Phase,
  type Plan,
  type PlanOptions,
  planRepair,
  type Write,
} from './plan/index.ts'
export {
  type CarvedEntry,
  type EntryRepair,
  type Evidence,
  type EvidenceOptions,
  findEvidence,
  type SnapshotEvidence,
  type SnapshotProof,
} from './recover/index.ts'
export type { Applied, Undone, UndoOptions } from './repair/index.ts'
export {
  type LossRecord,
  type LossStatus,
  type RescuedDisk,
  type RescueFormat,
  type RescueOptions,
  type RescueProgress,
  type RescueResult,
  rescue,
} from './rescue/index.ts'
export {
  type ScannedImage,
  type ScanOptions,
  type ScanResult,
  type ScanTotals,
  type ScanVerdict,
  scan,
} from './scan/index.ts'
export { type BlockSource, MemorySource, type WritableSource } from './source/index.ts'
