import type { ToolModel } from '../model.ts'
export function fishCompletion(_model: ToolModel): string {
  return ''
}
