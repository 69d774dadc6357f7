import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const DAY = 86_400

/** When the old server died, and when its successor began; all times of the scene are fixed. */
const DIED = Date.UTC(2026, 0, 10) / 1000
const BEGAN = DIED + 6 * 3600
const NOW = DIED + 10 * DAY

interface Shape {
  readonly step?: number
  readonly ds: readonly string[]
  readonly rra?: readonly string[]
  /** What the poller reads; undefined: it reads nothing. */
  readonly value?: (time: number, index: number) => number | undefined
}

const WEEKS_AND_A_YEAR = ['AVERAGE', 'MAX'].flatMap((cf) => [`RRA:${cf}:0.5:1:4032`, `RRA:${cf}:0.5:72:1460`])
const wave = (time: number, index: number): number =>
  10 + index + 5 * Math.sin((2 * Math.PI * (time % DAY)) / DAY)

/** The tree of a server that died, out of its backup, and that of its successor, as several pollers write them. */
export function makeScene(folder: string): void {
  pair('backup/perfdata', 'perfdata', 'web1/load.rrd', { ds: ['1', '2'] })
  pair('backup/perfdata', 'perfdata', 'web1/disk.rrd', { ds: ['1'] })
  write('backup/perfdata/web2/ping.rrd', { ds: ['1'] }, DIED - 30 * DAY, DIED)
  for (const xml of [
    'backup/perfdata/web1/load.xml',
    'backup/perfdata/web2/ping.xml',
    'perfdata/web1/load.xml',
  ])
    writeFileSync(join(folder, xml), `<NAGIOS>${xml.split('/')[0]}</NAGIOS>\n`)

  // pnp4nagios: SINGLE on the old server, MULTIPLE on the new one; a plugin that changed the order of its perfdata.
  write('backup/single/web1/ups.rrd', { ds: ['1', '2'] }, DIED - 30 * DAY, DIED)
  write('multiple/web1/ups_battery.rrd', { ds: ['1'] }, BEGAN, NOW)
  write('multiple/web1/ups_load.rrd', { ds: ['1'] }, BEGAN, NOW)

  pair(
    'backup/rra',
    'rra',
    'router_traffic_in_12.rrd',
    { ds: ['traffic_in:COUNTER', 'traffic_out:COUNTER'] },
    'router_traffic_in_30.rrd',
  )
  pair('backup/munin', 'munin', 'example.com/web1-cpu-idle-d.rrd', { ds: ['42:DERIVE'] })
  write(
    'backup/librenms/sw1/port-id7.rrd',
    { ds: ['INOCTETS:DERIVE', 'INERRORS:DERIVE'] },
    DIED - 30 * DAY,
    DIED,
  )
  write('librenms/sw1/port-id7.rrd', { ds: ['INOCTETS:DERIVE'] }, BEGAN, NOW)
  pair('backup/ganglia', 'ganglia', 'web/load_one.rrd', { ds: ['sum', 'num'] })
  write(
    'backup/collectd/web1/load/load.rrd',
    { step: 60, ds: ['shortterm'], rra: ['RRA:AVERAGE:0.1:1:3000', 'RRA:AVERAGE:0.1:60:800'] },
    DIED - 2 * DAY,
    DIED,
  )
  write(
    'collectd/web1/load/load.rrd',
    { step: 300, ds: ['shortterm'], rra: ['RRA:AVERAGE:0.1:1:4000', 'RRA:AVERAGE:0.1:12:800'] },
    BEGAN,
    NOW,
  )

  const broken = (time: number): number | undefined => (time <= DIED + 2 * DAY ? 0 : wave(time, 0))
  write('zeros/old.rrd', { ds: ['in'] }, DIED - 10 * DAY, DIED + 2 * DAY)
  write('zeros/new.rrd', { ds: ['in'], value: broken }, DIED - DAY, NOW)
  write('two/january.rrd', { ds: ['in'] }, DIED - 20 * DAY, DIED - 10 * DAY)
  write('two/standby.rrd', { ds: ['in'] }, DIED - 12 * DAY, DIED)
  write('two/new.rrd', { ds: ['in'] }, BEGAN, NOW)

  function pair(old: string, current: string, name: string, shape: Shape, newName = name): void {
    write(join(old, name), shape, DIED - 30 * DAY, DIED)
    write(join(current, newName), shape, BEGAN, NOW)
  }

  function write(
    path: string,
    { step = 300, ds, rra = WEEKS_AND_A_YEAR, value = wave }: Shape,
    from: number,
    to: number,
  ): void {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const sources = ds.map((name) => {
      const [id, type = 'GAUGE'] = name.split(':')
      return { type, text: `DS:${id}:${type}:${2 * step}:U:U` }
    })
    const lines = [
      `create ${file} --start ${from - step} --step ${step} ${sources.map(({ text }) => text).join(' ')} ${rra.join(' ')}`,
    ]
    for (let time = from; time <= to; time += step) {
      const read = sources.map(({ type }, index) => {
        const now = value(time, index)
        if (now === undefined) return 'U'
        return type === 'GAUGE' ? now.toFixed(3) : String((time - from) * (10 + index))
      })
      lines.push(`update ${file} ${time}:${read.join(':')}`)
    }
    rrdtool(lines)
  }
}

function rrdtool(lines: readonly string[]): void {
  const { status, stdout } = spawnSync('rrdtool', ['-'], {
    input: `${lines.join('\n')}\nquit\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0 || stdout.includes('ERROR')) throw new Error(`rrdtool: ${stdout.slice(0, 2000)}`)
}
