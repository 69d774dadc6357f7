#!/usr/bin/env node
// The checks are TypeScript, which Node 20 can't run by itself; each tool runs this one command.
import { register } from 'tsx/esm/api'

register()
await import('./package/main.ts')
