#!/usr/bin/env node
import { runProgram } from '../../../src/command-line/index.ts'
import { sampleTool } from './cli.ts'

runProgram(sampleTool)
