import type { ToolDefinition } from './definition.ts'
import { beProcess } from './process.ts'
import { runTool } from './run-tool.ts'

/** Runs a tool as this process. */
export function runProgram(tool: ToolDefinition): void {
  beProcess((argv, io) => runTool(tool, argv, io))
}
