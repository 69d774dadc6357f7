import { resolve } from 'node:path'
import Table from 'cli-table3'
import { withScratch } from '../scratch.ts'
import { tools } from '../workspace.ts'
import { installPacked, type SmokeResult, smokeTest } from './smoke.ts'
import { installNodes } from './versions.ts'

const top = resolve(import.meta.dirname, '../../..')

await withScratch('nodes', async (scratch) => {
  const nodes = await installNodes(scratch, process.argv.slice(2))
  for (const tool of tools(top)) {
    const installed = await installPacked(tool, scratch)
    const rows: { version: string; results: SmokeResult[] }[] = []
    for (const node of nodes)
      rows.push({ version: node.version, results: await smokeTest(tool, node, installed) })
    const checks = rows[0]?.results.map(({ check }) => check) ?? []
    const table = new Table({ head: [tool.manifest.name, ...checks], style: { head: [], border: [] } })
    for (const { version, results } of rows) {
      table.push([version, ...results.map(({ problem }) => (problem === undefined ? 'ok' : 'FAILED'))])
    }
    console.log(table.toString())
    for (const { version, results } of rows) report(version, results)
  }
})

function report(version: string, results: readonly SmokeResult[]): void {
  for (const { check, problem } of results) {
    if (problem === undefined) continue
    console.error(`Node ${version}: ${check}: ${problem}`)
    process.exitCode = 1
  }
}
