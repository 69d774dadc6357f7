export { logSize } from './log-match.ts'
export { parseReadyCheck, type ReadyCheck, readyCheckText } from './ready-check.ts'
export { waitReady } from './wait-ready.ts'
