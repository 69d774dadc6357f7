#!/usr/bin/env node
// The clients that got most, of one frontend, as they are read: memory for one number a client.
// usage: top-clients.mjs FRONTEND HAPROXY.CFG LOG...
import { readFileSync } from 'node:fs'
import { formatsOf, HaproxyBytesError, parseConfig, scan } from 'haproxy-bytes'

const [frontend, config, ...logs] = process.argv.slice(2)
try {
  const formats = formatsOf(parseConfig(readFileSync(config)))
  const { groups, warnings } = await scan(logs, { formats, by: ['frontend', 'client'] })
  const own = groups.filter(({ key }) => key[0] === frontend)
  for (const { key, requests, bytesOut } of own.slice(0, 10))
    console.log(`${bytesOut}\t${requests}\t${key[1]}`)
  for (const { message } of warnings) console.error(message)
} catch (error) {
  if (!(error instanceof HaproxyBytesError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
