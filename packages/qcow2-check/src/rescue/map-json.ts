import type { RescueResult } from './options.ts'

/** The list of what is lost, as JSON in pieces: it can have a million ranges. */
export function* mapJson(image: string, { disks, dropped, complete }: RescueResult): Generator<string> {
  const head = { schema: 'qcow2-check/rescue-map@1', image, complete, dropped }
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "disks": [`
  for (const [index, disk] of disks.entries()) {
    const { lost, ...about } = disk
    yield `${index > 0 ? ',' : ''}\n    ${JSON.stringify(about).slice(0, -1)},"lost":[`
    for (const [at, { offset, length, status, reason }] of lost.entries())
      yield `${at > 0 ? ',' : ''}\n      ${JSON.stringify({ offset, length, status, reason })}`
    yield lost.length > 0 ? '\n    ]}' : ']}'
  }
  yield '\n  ]\n}\n'
}
