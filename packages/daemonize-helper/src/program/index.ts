export { NAME_PATTERN, nameOfCommand } from './daemon-name.ts'
export { daemonEnvironment, type EnvironmentChoice, MARK } from './environment.ts'
export { findProgram } from './find-program.ts'
