import type { Readable } from 'node:stream'

/**
 * The lines of a stream as they come; the promise settles when the stream is over, whichever way: that a peer was killed
 * with bytes of ours unread is an end like any other.
 */
export function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  stream.on('error', () => {})
  return new Promise((resolve) => stream.once('close', resolve))
}
