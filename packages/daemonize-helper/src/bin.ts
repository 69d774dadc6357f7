#!/usr/bin/env node
import { runProgram } from '@nightshift/tooling/command-line'
import { tool } from './cli.ts'

runProgram(tool)
