#!/usr/bin/env node
// Nagios plugin: are the RRDs below these folders sound, and is any of them no longer updated?
//   check_rrd.cjs [--stale SECONDS] FOLDER...
// OK 0, WARNING 1 (warnings, or files not updated for --stale seconds), CRITICAL 2 (broken files), UNKNOWN 3.
const { spawnSync } = require('node:child_process')

const args = process.argv.slice(2)
const stale = args[0] === '--stale' ? Number(args.splice(0, 2)[1]) : undefined

function end(status, text) {
  console.log(`RRD ${['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'][status]} - ${text}`)
  process.exit(status)
}

function rrdMerge(command, ...operands) {
  const { stdout, stderr, error } = spawnSync(
    'rrd-merge',
    [command, '--quiet', '--json', '--', ...operands],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  )
  if (error) end(3, `cannot run rrd-merge: ${error.message}`)
  try {
    return JSON.parse(stdout)
  } catch {
    return end(3, stderr.split('\n')[0] || 'rrd-merge said nothing')
  }
}

if (args.length === 0 || Number.isNaN(stale)) end(3, 'usage: check_rrd.cjs [--stale SECONDS] FOLDER...')
const { files, totals, error } = rrdMerge('check', ...args)
if (error) end(3, error.message)
if (totals.files === 0) end(3, 'no *.rrd file is there')

// What check finds is what a poller, a disk or a copy did; notes are for people with time.
const named = (list) => `${list.slice(0, 3).join(', ')}${list.length > 3 ? `, ${list.length - 3} more` : ''}`
const performance = `|files=${totals.files} broken=${totals.broken};;0`
const broken = files.filter((file) => file.error || file.broken).map(({ path }) => path)
if (broken.length > 0) end(2, `${broken.length} of ${totals.files} broken: ${named(broken)}${performance}`)

const worrying = files.filter(({ findings }) => findings.some(({ severity }) => severity === 'warning'))
if (worrying.length > 0) {
  const [{ path, findings }] = worrying
  const [{ message }] = findings.filter(({ severity }) => severity === 'warning')
  end(1, `${worrying.length} of ${totals.files} with warnings: ${path}: ${message}${performance}`)
}

if (stale !== undefined) {
  const oldest = Date.now() / 1000 - stale
  // In portions: a command line has an end.
  const quiet = []
  for (let at = 0; at < files.length; at += 500) {
    const portion = rrdMerge('info', ...files.slice(at, at + 500).map(({ path }) => path))
    quiet.push(...portion.files.filter(({ lastUpdate }) => lastUpdate < oldest).map(({ path }) => path))
  }
  if (quiet.length > 0)
    end(1, `${quiet.length} of ${totals.files} not updated: ${named(quiet)}${performance}`)
}
end(0, `${totals.files} files are sound${performance}`)
