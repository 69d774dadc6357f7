#!/usr/bin/env node
// Copies every snapshot of an image to a raw disk of its own, lost ones too, and leaves the image as it is.
//   snapshots-out.mjs IMAGE FOLDER
import { join } from 'node:path'
import { check, findEvidence, open, Qcow2Error, rescue } from 'qcow2-check'

const [path, folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: snapshots-out.mjs IMAGE FOLDER')
  process.exit(64)
}
try {
  const image = await open(path)
  const survey = await check(image)
  const { snapshots } = await findEvidence(survey)
  const listed = image.snapshots.entries
    .filter(({ sound }) => sound)
    .map(({ id }) => ({ kind: 'snapshot', idOrName: id }))
  const lost = snapshots
    .filter(({ orphan, certain }) => orphan !== undefined && certain)
    .map(({ orphan }) => ({ kind: 'orphan', number: orphan }))
  for (const [index, disk] of [...listed, ...lost].entries()) {
    const output = join(folder, `${index + 1}.raw`)
    const { disks } = await rescue(image, {
      output,
      format: 'raw',
      disk,
      snapshots,
      findings: survey.findings,
    })
    console.log(`${output}: ${disks[0].name}, ${disks[0].lostBytes} bytes lost`)
  }
  image.close()
} catch (error) {
  if (!(error instanceof Qcow2Error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exit(1)
}
