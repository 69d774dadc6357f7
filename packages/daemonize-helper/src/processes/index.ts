export { type Family, membersOf, signalProcess } from './members.ts'
