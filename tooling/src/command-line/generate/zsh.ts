import type { ToolModel } from '../model.ts'
export function zshCompletion(_model: ToolModel): string {
  return ''
}
