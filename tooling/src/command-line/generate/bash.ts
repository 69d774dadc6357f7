import type { ToolModel } from '../model.ts'
export function bashCompletion(_model: ToolModel): string {
  return ''
}
