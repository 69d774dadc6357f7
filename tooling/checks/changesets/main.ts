import { resolve } from 'node:path'
import { reportFindings } from '../finding.ts'
import { guardChangesets } from './guard.ts'

const { findings, compared } = await guardChangesets(resolve(import.meta.dirname, '../../..'))
reportFindings('changesets', findings, `compared ${compared.join('; ')}`)
