// The small process of starter.ts.
const { execFile } = require('node:child_process')

process.on('message', ({ number, program, args, cwd }) => {
  execFile(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
    const notStarted = typeof error?.code === 'string' ? error.message : undefined
    const status = error ? Number(error.code ?? -1) : 0
    if (process.connected) process.send({ number, status, stdout, stderr, notStarted })
  })
})
process.on('disconnect', () => process.exit())
