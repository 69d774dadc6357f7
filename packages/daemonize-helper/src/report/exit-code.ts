/** Exit codes that are the tool's own; a failing start mostly passes the command's. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** The tool itself could not do its part, as env(1), nohup(1) and docker have it. */
  helper: 125,
  notExecutable: 126,
  notFound: 127,
  readyTimeout: 150,
  locked: 151,
  crashLoop: 152,
} as const

/** Of status, as the Linux Standard Base has them for init scripts. */
export const STATUS_EXIT = {
  running: 0,
  deadWithRecord: 1,
  deadWithLock: 2,
  notRunning: 3,
  unknown: 4,
} as const
