#!/usr/bin/env node
// Fills in what README.md of the tool in the working folder takes from its definition and its measurements.
import { register } from 'tsx/esm/api'

register()
const { writeReadme } = await import('./readme.ts')
await writeReadme(process.cwd())
