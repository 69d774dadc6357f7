import type { Warning } from '../findings/index.ts'
import { sampledSignatures } from '../library/sampled-signatures.ts'
import type { LogFormat } from '../log-format/index.ts'
import type { ScannedLog } from '../scan/index.ts'
import { wireWarnings } from './wire-warnings.ts'

/** What the first lines of logs say against a bill. */
export async function sampledWarnings(
  logs: readonly ScannedLog[],
  formats: readonly LogFormat[],
): Promise<Warning[]> {
  const paths = [...new Set(logs.map(({ path }) => path))]
  const signatures = await sampledSignatures(paths, formats)
  return wireWarnings({ model: { accounting: 'htx' }, signatures })
}
