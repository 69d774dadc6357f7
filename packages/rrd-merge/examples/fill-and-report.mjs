// Fills a tree and prints what the operator wants to know in the morning: how much came back, and what did not.
//   node fill-and-report.mjs OLD NEW
import { mergeTree, RrdError } from 'rrd-merge'

const [old, target] = process.argv.slice(2)
const stop = new AbortController()
process.once('SIGINT', () => stop.abort(new Error('stopped')))

const trouble = []
let filled = 0
let stillUnknown = 0
try {
  for await (const file of mergeTree(old, target, { signal: stop.signal, backupSuffix: '.before' })) {
    filled += file.filled
    stillUnknown += file.stillUnknown
    if (file.error) trouble.push(`${file.path}: ${file.error.message}`)
    // These are worth a look: the rest tells how the files differ.
    for (const { code, message } of file.warnings)
      if (code === 'history-dropped' || code === 'archive-dropped' || code === 'ds-position-doubtful')
        trouble.push(`${file.path}: ${message}`)
  }
} catch (error) {
  // The folders themselves: nothing was written.
  if (!(error instanceof RrdError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exit(2)
}
console.log(`${filled} cells filled, ${stillUnknown} still unknown`)
for (const line of trouble) console.log(line)
