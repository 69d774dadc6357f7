export { type UnitScope, unitText } from './unit.ts'
