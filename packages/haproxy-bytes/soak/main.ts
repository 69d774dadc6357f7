/** `npm run soak`: what is too long for `npm test`. See tooling/checks/soak. */
import { fileURLToPath } from 'node:url'
import { runSoak } from '../../../tooling/checks/soak/run-soak.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

runSoak({
  folder: here('.'),
  minutes: 10,
  env: { HAPROXY_BYTES_CLI: here('../dist/cli.cjs') },
  parts: [
    { name: 'formats', share: 40, what: '2000 random log-formats: every field, every cut, flipped bits' },
    { name: 'mix', share: 14, what: 'random requests: the model holds for each of them' },
    { name: 'estimates', share: 10, what: 'bytes of lost lines: 95 % intervals, 1000 trials a distribution' },
    { name: 'kills', share: 14, what: 'SIGKILL of snapshot --every and of --follow --prom' },
    {
      name: 'mutations',
      share: 12,
      what: 'mutated lines by the million: the kernel counts as the line reader',
    },
    { name: 'memory', share: 10, what: 'memory of --follow over rotations' },
  ],
})
