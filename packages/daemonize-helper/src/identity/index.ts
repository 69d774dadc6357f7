export { type Identity, identityOf, type Liveness, liveness, ownIdentity } from './identity.ts'
export { isLiving, type ProcStat, parseProcStat, readProcStat } from './proc-stat.ts'
