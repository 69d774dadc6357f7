import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import {
  type Advice,
  advisedLength,
  adviseHaproxy,
  adviseLogrotate,
  adviseRsyslog,
  type NamedText,
} from '../advise/index.ts'
import { parseVersion } from '../model/index.ts'
import { adviseDocument, adviseText } from '../report/advise-report.ts'
import { unreadable } from '../source/refusal.ts'
import type { AdviseOptions } from './advise.options.ts'
import { readText } from './read-text.ts'

/** `haproxy-bytes advise haproxy.cfg [--rsyslog DIR] [--logrotate DIR] [--haproxy-version V]` */
export async function run(
  context: CommandContext,
  [config = '']: readonly string[],
  { rsyslog, logrotate, haproxyVersion }: AdviseOptions,
): Promise<number> {
  const text = readText(config)
  const version = haproxyVersion === undefined ? undefined : parseVersion(haproxyVersion)
  const parts: Advice[] = [adviseHaproxy(text, { file: config, version })]
  if (rsyslog !== undefined)
    parts.push(adviseRsyslog(configFiles(rsyslog, /\.conf$/, ['rsyslog.d']), { length: advisedLength(text) }))
  if (logrotate !== undefined) parts.push(adviseLogrotate(configFiles(logrotate, /^[^.~]+$/, [])))
  const advice: Advice = {
    sections: parts.flatMap(({ sections }) => sections),
    findings: parts.flatMap(({ findings }) => findings),
  }
  if (context.flags.json) await context.out.json(adviseDocument(advice))
  else await context.out.write(adviseText(advice))
  return 0
}

/** A file, or those of a folder that the daemon itself would read. @throws HaproxyBytesError */
function configFiles(path: FileName, named: RegExp, below: readonly string[]): NamedText[] {
  const name = fileNameText(path)
  try {
    if (!statSync(path).isDirectory()) return [{ path: name, text: readText(path) }]
    const inside = readdirSync(path).sort()
    // `/etc` has much that is none of theirs: only the main file and its folder are taken from it.
    const main = below.length > 0 && inside.includes('rsyslog.conf')
    const files = inside.filter((one) => (main ? one === 'rsyslog.conf' : named.test(one)))
    const own = files.map((one) => join(name, one)).filter((one) => statSync(one).isFile())
    const deeper = below.filter((folder) => inside.includes(folder)).map((folder) => join(name, folder))
    return [
      ...own.map((one) => ({ path: one, text: readText(one) })),
      ...deeper.flatMap((folder) => configFiles(folder, named, [])),
    ]
  } catch (error) {
    throw unreadable(name, error)
  }
}
