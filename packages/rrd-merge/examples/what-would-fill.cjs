// What a backup could give, without writing anything: for scripts that are CommonJS.
//   node what-would-fill.cjs OLD NEW
const { coverageOf, open, planMerge } = require('rrd-merge')

async function main([oldPath, newPath]) {
  const [old, current] = await Promise.all([open(oldPath), open(newPath)])
  const before = coverageOf(current, { columns: 0 })
  const { changed, report, rrd } = planMerge(current, old)
  const after = coverageOf(rrd, { columns: 0 })
  const percent = ({ share }) => `${(share * 100).toFixed(1)} %`
  console.log(changed ? `${percent(before)} known, ${percent(after)} after a merge` : 'nothing to fill')
  for (const { cf, span, filled, from, to } of report.rras)
    if (filled > 0)
      console.log(
        `${cf} ${span} s: ${filled} cells, ${[from, to].map((time) => new Date(time * 1000).toISOString()).join(' to ')}`,
      )
}

main(process.argv.slice(2)).catch(({ code, message }) => {
  console.error(`${code}: ${message}`)
  process.exitCode = 1
})
