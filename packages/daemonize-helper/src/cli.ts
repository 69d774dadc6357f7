import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import {
  addLogsOptions,
  addLookOptions,
  addRestartOptions,
  addSignalOptions,
  addStopOptions,
  addWaitOptions,
} from './commands/look.options.ts'
import { addStartOptions } from './commands/start.options.ts'
import { EXIT, STATUS_EXIT } from './report/exit-code.ts'

declare const __VERSION__: string

const name = { name: 'NAME', kind: 'text', description: 'what the daemon is called' } as const

const stopped = [
  [130, 'stopped by SIGINT'],
  [143, 'stopped by SIGTERM'],
] as const

const start = defineCommand({
  name: 'start',
  summary: 'Start a command as a daemon, and say whether it really runs',
  details:
    'Gives the prompt back when the command was executed and has run for a moment (--settle), or says why not, with the exit code that the command itself had. The daemon has no terminal and can get none, no descriptor but its logs, every signal as a new process has it, and one instance a name: started again while it runs, it is left running.',
  operands: [],
  program: 'required',
  options: addStartOptions,
  examples: [
    {
      what: 'A server, with its log',
      command: 'daemonize-helper start --stdout web.log --stderr web.log -- python3 -m http.server',
    },
    { what: 'What would happen?', command: 'daemonize-helper start -n -- /usr/sbin/mydaemon --foreground' },
  ],
  exitCodes: [
    [EXIT.ok, 'it runs (or ran already)'],
    [EXIT.failed, 'it ended with 0 before it was settled, or the name is in use by another command'],
    [EXIT.usage, 'wrong usage'],
    [EXIT.helper, 'the tool itself could not do its part'],
    [EXIT.notExecutable, 'the command can not be executed'],
    [EXIT.notFound, 'the command is not there'],
    [EXIT.readyTimeout, 'it was not ready in time'],
    [EXIT.locked, 'another start of that name is under way'],
    ...stopped,
  ],
  load: () => import('./commands/start.ts'),
})

const stop = defineCommand({
  name: 'stop',
  summary: 'End a daemon and everything that it started',
  details:
    'Asks politely first, and kills what is still there after --stop-timeout: its session, its process group, and whoever left both. A process that is not proven to be the daemon gets no signal.',
  operands: [name],
  options: addStopOptions,
  examples: [{ what: 'End it', command: 'daemonize-helper stop web' }],
  exitCodes: [
    [EXIT.ok, 'nothing of it runs (any more)'],
    [EXIT.failed, 'something could not be ended'],
    [EXIT.usage, 'wrong usage'],
    ...stopped,
  ],
  load: () => import('./commands/stop.ts'),
})

const status = defineCommand({
  name: 'status',
  summary: 'Say whether a daemon runs',
  operands: [name],
  options: addLookOptions,
  examples: [{ what: 'For a script', command: 'daemonize-helper status -q web || echo down' }],
  exitCodes: [
    [STATUS_EXIT.running, 'it runs'],
    [STATUS_EXIT.deadWithRecord, 'it ended, and nobody stopped it'],
    [STATUS_EXIT.deadWithLock, 'it ended while it was started, and its launcher was killed'],
    [STATUS_EXIT.notRunning, 'it does not run'],
    [STATUS_EXIT.unknown, 'it can not be seen from here'],
    [EXIT.helper, 'the state folder can not be used'],
    ...stopped,
  ],
  load: () => import('./commands/status.ts'),
})

const restart = defineCommand({
  name: 'restart',
  summary: 'End a daemon, and start it as it was started',
  details:
    'With the options and the command line on record, and the variables of whoever restarts it. What can not be started again is not ended.',
  operands: [name],
  options: addRestartOptions,
  examples: [{ what: 'After an upgrade', command: 'daemonize-helper restart web' }],
  exitCodes: start.exitCodes ?? [],
  load: () => import('./commands/restart.ts'),
})

/** Of commands that need it to run. */
const sendingCodes = [
  [EXIT.ok, 'sent'],
  [EXIT.failed, 'it does not run'],
  [EXIT.usage, 'wrong usage'],
  ...stopped,
] as const

const signal = defineCommand({
  name: 'signal',
  summary: 'Send a signal to a daemon, and to nobody else',
  operands: [name, { name: 'SIG', kind: 'text', description: 'USR1, SIGUSR1 or 10' }],
  options: addSignalOptions,
  examples: [{ what: 'Have it open its logs anew', command: 'daemonize-helper signal web USR1' }],
  exitCodes: sendingCodes,
  load: () => import('./commands/signal.ts'),
})

const reload = defineCommand({
  name: 'reload',
  summary: 'Send SIGHUP: most daemons read their configuration again',
  operands: [name],
  options: addSignalOptions,
  examples: [{ what: 'After an edit', command: 'daemonize-helper reload web' }],
  exitCodes: sendingCodes,
  load: () => import('./commands/reload.ts'),
})

const wait = defineCommand({
  name: 'wait',
  summary: 'Wait until a daemon has ended',
  operands: [name],
  options: addWaitOptions,
  examples: [{ what: 'For a minute at most', command: 'daemonize-helper wait web --timeout 1m' }],
  exitCodes: [
    [EXIT.ok, 'it has ended'],
    [EXIT.failed, 'it still runs, or no such daemon is on record'],
    [EXIT.usage, 'wrong usage'],
    ...stopped,
  ],
  load: () => import('./commands/wait.ts'),
})

const logs = defineCommand({
  name: 'logs',
  summary: 'Show what a daemon says',
  operands: [name],
  options: addLogsOptions,
  examples: [{ what: 'And what it says next', command: 'daemonize-helper logs -f web' }],
  exitCodes: [
    [EXIT.ok, 'done'],
    [EXIT.failed, 'no such daemon is on record, or it keeps no log'],
    [EXIT.usage, 'wrong usage'],
    ...stopped,
  ],
  whenOutputCloses: 'stop',
  load: () => import('./commands/logs.ts'),
})

const list = defineCommand({
  name: 'list',
  summary: 'List the daemons on record',
  operands: [],
  options: addLookOptions,
  examples: [{ what: 'All of yours', command: 'daemonize-helper list' }],
  load: () => import('./commands/list.ts'),
})

const exported = defineCommand({
  name: 'export',
  summary: 'Print a unit by which systemd starts the same',
  details:
    'Where there is an init system it is the better place for what shall run for good: it starts it after a boot, and loses no process of it.',
  operands: [
    { name: 'systemd', kind: ['systemd'], description: 'what the unit is for' },
    { ...name, required: false },
  ],
  program: 'optional',
  options: addStartOptions,
  examples: [
    {
      what: 'Hand a daemon over',
      command: 'daemonize-helper export systemd web > /etc/systemd/system/web.service',
    },
  ],
  load: () => import('./commands/export.ts'),
})

export const tool = defineTool({
  name: 'daemonize-helper',
  version: __VERSION__,
  summary: 'Start any command as a proper daemon, and tell the truth about the start',
  commands: [start, stop, restart, reload, signal, status, wait, logs, list, exported],
  exitCodes: [
    [EXIT.ok, 'done'],
    [EXIT.failed, 'it failed'],
    [EXIT.usage, 'wrong usage'],
    [EXIT.helper, 'the tool itself could not do its part'],
    ...stopped,
  ],
  examples: start.examples,
  homepage: 'https://github.com/nightshift-tools/nightshift/tree/main/packages/daemonize-helper',
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
})
