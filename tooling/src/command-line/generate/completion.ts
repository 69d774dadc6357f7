import type { CompletionShell } from '../common-options.ts'
import type { ToolModel } from '../model.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

/** A static completion script: commands, options, choices and files, as the definition has them. */
export function completionScript(model: ToolModel, shell: CompletionShell): string {
  if (shell === 'bash') return bashCompletion(model)
  return shell === 'zsh' ? zshCompletion(model) : fishCompletion(model)
}
