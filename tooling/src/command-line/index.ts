export { InvalidArgumentError, Option } from '@commander-js/extra-typings'
export { UsageError } from '../errors/failure.ts'
export type { CommandContext, CommonFlags } from './context.ts'
export {
  type BareCommand,
  type CommandDefinition,
  type CommandModule,
  type CommandWith,
  type DeclaredCommand,
  defineCommand,
  defineTool,
  type EnvironmentVariable,
  type Example,
  type ExitCode,
  type OperandDefinition,
  type OperandKind,
  type OptionsOf,
  type ToolDefinition,
  type ToolIdentity,
} from './definition.ts'
export type { OutputStream, ToolIo } from './io.ts'
export { documentValue, type JsonPath, jsonInteger, jsonPath } from './json-values.ts'
export { type JsonDocument, type Output, OutputClosed } from './output.ts'
export { checkOutputs } from './outputs.ts'
export { runProgram } from './program.ts'
export { runTool } from './run-tool.ts'
export { runShortProgram } from './short-program.ts'
export type { ShortStart } from './short-start.ts'
export { StoppedBySignal, type StopSignal } from './signals.ts'
export { collect } from './values/collect.ts'
export { duration, parseDuration } from './values/duration.ts'
export { decimal, integer, percentage } from './values/numbers.ts'
export { pair } from './values/pair.ts'
export { file, folder } from './values/path.ts'
export { type Shard, shard } from './values/shard.ts'
export { byteSize } from './values/size.ts'
export { parseTime, time } from './values/time.ts'
