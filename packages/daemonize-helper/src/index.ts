export { DaemonError, type DaemonErrorCode, type DaemonErrorDetails } from './errors.ts'
export type { Identity, Liveness } from './identity/index.ts'
