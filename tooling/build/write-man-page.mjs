#!/usr/bin/env node
// Writes man/<tool>.1 of the tool in the working folder, from the definition that its command line runs by.
// Node 20 runs no TypeScript by itself; each tool's build runs this one command.
import { register } from 'tsx/esm/api'

register()
const { writeManPage } = await import('./man-page.ts')
await writeManPage(process.cwd())
