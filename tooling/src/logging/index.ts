export { goesToJournal } from './journal.ts'
export {
  createLogger,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogRecord,
  type LogSink,
} from './logger.ts'
export { type LevelStyle, textLines } from './text-lines.ts'
