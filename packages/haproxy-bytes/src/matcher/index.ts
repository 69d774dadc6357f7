export { type CompiledFormat, compileSteps, shapeOf } from './compile-steps.ts'
export { Matcher, type Outcome } from './matcher.ts'
