import type { Snapshot } from './counters.ts'

type Info = Omit<Snapshot, 'proxies' | 'time'>

/** Reads `show info` (`Name: value` a line), alone or with other text around it. */
export function parseShowInfo(text: string): Info {
  const values = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z][\w -]*): (.*)$/.exec(line) ?? []
    // The first wins: whatever stands below may be anything.
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value.trim())
  }
  const number = (name: string): number | undefined => {
    const value = values.get(name)
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
  }
  const count = (name: string): bigint | undefined => {
    const value = values.get(name)
    return value !== undefined && /^\d+$/.test(value) ? BigInt(value) : undefined
  }
  return defined({
    version: values.get('Version'),
    pid: number('Pid'),
    startTime: number('Start_time_sec'),
    uptime: number('Uptime_sec'),
    droppedLogs: count('DroppedLogs'),
    totalBytesOut: count('TotalBytesOut'),
  })
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without the fields that have no value. */
export function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>
}
