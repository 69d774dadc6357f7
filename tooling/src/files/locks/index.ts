export {
  type HeldLock,
  hasWriter,
  type LockState,
  LockTable,
  type LockTarget,
  lockTable,
} from './lock-table.ts'
export {
  type DescriptorScan,
  findOpenDescriptors,
  type OpenDescriptor,
  type UnseenProcess,
} from './open-descriptors.ts'
export { type LockOutcome, takeLock } from './take-lock.ts'
