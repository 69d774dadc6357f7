import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import { addCheckOptions } from './commands/check.options.ts'
import { addInfoOptions, addMapOptions } from './commands/look.options.ts'
import {
  addPlanOptions,
  addReclaimOptions,
  addRepairOptions,
  addUndoOptions,
} from './commands/repair.options.ts'
import { addRescueOptions } from './commands/rescue.options.ts'
import { addScanOptions } from './commands/scan.options.ts'
import { EXIT } from './report/exit-code.ts'
import { check as checkStart, identity } from './short-start.ts'

const image = { name: 'IMG', kind: 'file', description: 'a QCOW2 image' } as const

/** Of commands that only look. */
const lookingCodes = [
  [EXIT.consistent, 'done'],
  [EXIT.notCompleted, 'nothing could be done: it cannot be read'],
  [EXIT.notQcow2, 'this is no QCOW2 image'],
  [EXIT.usage, 'wrong usage'],
] as const
/** Of commands that end as check does. */
const checkingCodes = [
  [EXIT.consistent, 'the image is consistent'],
  [EXIT.notCompleted, 'not completed: it cannot be read, or something could not be written'],
  [EXIT.corrupt, 'the image is corrupt'],
  [EXIT.leaks, 'only leaks: space that nothing references'],
  [EXIT.notQcow2, 'this is no QCOW2 image'],
  [EXIT.usage, 'wrong usage'],
] as const
const inUseCode = [
  EXIT.inUse,
  'the image is in use or locked, or locks cannot be seen (see --assume-offline)',
] as const
const staleCode = [EXIT.stale, 'the plan or undo file does not fit this image any more'] as const
/** Of commands that write to the image, and end as check does. */
const writingCodes = [...checkingCodes.slice(0, 4), inUseCode, staleCode, ...checkingCodes.slice(4)]

const check = defineCommand({
  ...checkStart,
  summary: 'Find what is wrong, and say whether QEMU opens it',
  details:
    "As `qemu-img check`, with its exit codes and its counts, and with what it doesn't find: lost tables behind leaks, clusters with two owners, snapshots that are no more, and why QEMU refuses the image. Nothing that the image names (backing file, external data) is opened unless --chain or --data-file says so. With -r it repairs what is proven safe; the bytes before are kept in an undo file, and nothing is punched out of the file.",
  operands: [{ ...image, repeat: true }],
  options: addCheckOptions,
  examples: [
    { what: 'Will this volume attach?', command: 'qcow2-check volume.qcow2' },
    { what: 'For a script', command: 'qcow2-check --json volume.qcow2' },
  ],
})

const info = defineCommand({
  name: 'info',
  summary: 'Show an image and its snapshots, also lost ones',
  details:
    'Header, features, snapshots, bitmaps and the chain of backing files. Where the snapshot table is broken, the file is searched for what it held: snapshots that were found have a number, by which rescue takes them (--snapshot orphan:N).',
  operands: [image],
  options: addInfoOptions,
  examples: [{ what: 'Which snapshots are still in it?', command: 'qcow2-check info volume.qcow2' }],
  exitCodes: lookingCodes,
  load: () => import('./commands/info.ts'),
})

const plan = defineCommand({
  name: 'plan',
  summary: 'Say what a repair would do, and write nothing',
  details:
    'Every action has its reason, its offset, the old and the new bytes, its class, and the guest ranges and snapshots that it touches. What is proven safe is planned without being asked; other classes are named with what they would cure, and planned with --allow. The exit is that of check, of the image as it is.',
  operands: [image],
  options: addPlanOptions,
  examples: [
    { what: 'Keep the plan for a colleague to read', command: 'qcow2-check plan volume.qcow2 -o plan.json' },
    { what: 'What if leaks were freed too?', command: 'qcow2-check plan volume.qcow2 --allow free-leaks' },
  ],
  exitCodes: checkingCodes,
  load: () => import('./commands/plan.ts'),
})

const repair = defineCommand({
  name: 'repair',
  summary: 'Repair an image, with an undo file',
  details:
    'Does what plan says: without --allow only what is proven not to change a byte that the guest or a snapshot reads, and not to free anything behind which there could be data. Before the first write the undo file is on the disk; nothing is punched out of the image. Interrupted at any point, the next repair puts the image back and begins again. The exit is that of check, of the image as it stands afterwards.',
  operands: [image],
  options: addRepairOptions,
  examples: [
    { what: 'What would be done?', command: 'qcow2-check repair -n volume.qcow2' },
    { what: 'Do it', command: 'qcow2-check repair volume.qcow2' },
    { what: 'Exactly what was planned', command: 'qcow2-check repair volume.qcow2 --plan plan.json' },
  ],
  exitCodes: writingCodes,
  load: () => import('./commands/repair.ts'),
})

const undo = defineCommand({
  name: 'undo',
  summary: 'Put back every byte that a repair changed',
  details:
    'Refused where the length of the image, the bytes that the repair wrote or the modification time differ from what the repair left: something wrote to it since. --force allows for the time alone (a copy, a touch). An undo that was interrupted is done again from the beginning.',
  operands: [image, { name: 'UNDOFILE', kind: 'file', description: 'what the repair wrote: IMG.undo-N' }],
  options: addUndoOptions,
  examples: [
    { what: 'Back to before the repair', command: 'qcow2-check undo volume.qcow2 volume.qcow2.undo-1' },
  ],
  exitCodes: [
    [EXIT.consistent, 'the image is as it was before the repair'],
    [EXIT.notCompleted, 'something cannot be read or written'],
    inUseCode,
    [EXIT.stale, 'the undo file does not fit this image any more'],
    [EXIT.usage, 'wrong usage'],
  ],
  load: () => import('./commands/undo.ts'),
})

const rescue = defineCommand({
  name: 'rescue',
  summary: 'Copy the data out, also of what QEMU does not open',
  details:
    'To a raw disk (sparse) or to a fresh QCOW2 image: the active disk, a snapshot, one that was lost and found (orphan:N, see info), or all. What cannot be had reads as zeros and is listed, with --map in a file. The image is never written to, and its backing file only read with --chain; a QCOW2 result names none.',
  operands: [image],
  options: addRescueOptions,
  examples: [
    { what: 'All of it, to a new image', command: 'qcow2-check rescue volume.qcow2 -O qcow2 -o new.qcow2' },
    {
      what: 'A snapshot as a raw disk, with a list of what is lost',
      command: 'qcow2-check rescue volume.qcow2 --snapshot s1 -O raw -o s1.raw --map lost.json',
    },
  ],
  exitCodes: [
    [EXIT.consistent, 'all of it was rescued'],
    [EXIT.notCompleted, 'nothing could be done, or OUT could not be written'],
    [EXIT.corrupt, 'ranges are lost, or were not read; the rest was rescued'],
    [EXIT.notQcow2, 'this is no QCOW2 image'],
    [EXIT.usage, 'wrong usage'],
  ],
  load: () => import('./commands/rescue.ts'),
})

const reclaim = defineCommand({
  name: 'reclaim',
  summary: 'Give the space of free clusters back to the file system',
  details:
    'Punches holes where no refcount, no table and no lost table claims anything: after the same proof that lets a repair free a leaked cluster. The only command that punches, and the only one that cannot be undone. A damaged image is refused: its refcounts prove nothing. The exit is that of check.',
  operands: [image],
  options: addReclaimOptions,
  examples: [{ what: 'How much would come back?', command: 'qcow2-check reclaim -n volume.qcow2' }],
  exitCodes: writingCodes.filter((code) => code !== staleCode),
  load: () => import('./commands/reclaim.ts'),
})

const map = defineCommand({
  name: 'map',
  summary: 'Draw what the clusters are used for, damage marked',
  details:
    'The ending of FILE says what is written: a picture (SVG), a self-contained page (HTML) or the numbers behind them (JSON).',
  operands: [image],
  options: addMapOptions,
  examples: [{ what: 'A page for the ticket', command: 'qcow2-check map volume.qcow2 -o volume.html' }],
  exitCodes: [
    [EXIT.consistent, 'written, whatever the state of the image'],
    [EXIT.notCompleted, 'nothing could be done: it cannot be read, or FILE not be written'],
    [EXIT.notQcow2, 'this is no QCOW2 image'],
    [EXIT.usage, 'wrong usage'],
  ],
  load: () => import('./commands/map.ts'),
})

const scan = defineCommand({
  name: 'scan',
  summary: 'Check every image below some folders, in one process',
  details:
    'A file is taken for an image if it begins as QCOW2, whatever it is called, or is called *.qcow2. One that is broken or unreadable never stops the others. With --state a scan that was stopped is gone on with, and images that did not change since are not read again. What is said of an image in use is a hint. The exit is the worst of all images, as for check.',
  operands: [{ name: 'DIR', kind: 'folder', repeat: true, description: 'a folder with images' }],
  options: addScanOptions,
  examples: [
    { what: 'The storage of a host', command: 'qcow2-check scan /var/lib/libvirt/images' },
    {
      what: 'Every night, for Prometheus',
      command: 'qcow2-check scan /srv --state /var/lib/q.state --prom /var/lib/q.prom',
    },
  ],
  exitCodes: [
    [EXIT.consistent, 'all images are consistent'],
    [EXIT.notCompleted, 'an image could not be looked at, or something could not be written'],
    [EXIT.corrupt, 'an image is corrupt'],
    [EXIT.leaks, 'only leaks'],
    [EXIT.notQcow2, 'a file that is called *.qcow2 is none'],
    [EXIT.usage, 'wrong usage'],
  ],
  load: () => import('./commands/scan.ts'),
})

export const tool = defineTool({
  ...identity,
  summary: 'Check, repair and rescue QCOW2 images, reversibly',
  defaultCommand: 'check',
  commands: [check, info, plan, repair, undo, rescue, map, scan, reclaim],
  exitCodes: [
    [EXIT.consistent, 'the image is consistent'],
    [EXIT.notCompleted, 'not completed: it cannot be read, or something could not be written'],
    [EXIT.corrupt, 'the image is corrupt'],
    [EXIT.leaks, 'only leaks: space that nothing references'],
    inUseCode,
    staleCode,
    [EXIT.notQcow2, 'this is no QCOW2 image'],
    [EXIT.usage, 'wrong usage'],
    [130, 'stopped by SIGINT'],
    [143, 'stopped by SIGTERM'],
  ],
  examples: check.examples,
  homepage: 'https://github.com/nightshift-tools/nightshift/tree/main/packages/qcow2-check',
})
