export { closeInherited } from './close-inherited.ts'
export { type Started, start } from './start.ts'
