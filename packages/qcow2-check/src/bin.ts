#!/usr/bin/env node
import { runShortProgram } from '@nightshift/tooling/command-line'
import { start } from './short-start.ts'

runShortProgram(start)
