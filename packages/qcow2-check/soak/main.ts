/** `npm run soak`: what is too long for `npm test`. See tooling/checks/soak. */
import { fileURLToPath } from 'node:url'
import { runSoak } from '../../../tooling/checks/soak/run-soak.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

runSoak({
  folder: here('.'),
  minutes: 60,
  env: { QCOW2_CHECK_CLI: here('../dist/cli.cjs') },
  parts: [
    { name: 'mutations', share: 20, what: 'mutated images: typed findings, bounded work' },
    { name: 'corpus', share: 25, what: 'every damage in every shape: repair, data, undo' },
    { name: 'combinations', share: 25, what: 'two or three damages in one image' },
    { name: 'kills', share: 10, what: 'SIGKILL of repairs and undos' },
    { name: 'live', share: 8, what: 'checks of an image while QEMU writes to it' },
    { name: 'leaks', share: 5, what: 'memory over thousands of checks in one process' },
    { name: 'hostile', share: 7, what: 'hostile images, every command: at most 20 s and 400 MB' },
  ],
})
