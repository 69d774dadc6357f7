import { open } from 'node:fs/promises'

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const PNG_END = Buffer.from('49454e44ae426082', 'hex')

/** The first and the last bytes of a file. */
export async function fileEnds(
  path: string,
  length = 1024,
): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const part = async (position: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(Math.min(length, size))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    return buffer.subarray(0, bytesRead)
  }
  return { head: await part(0), tail: await part(Math.max(0, size - length)), size }
}

/** Why the picture that graph wrote is not whole; undefined if it is, as far as its format shows. */
export async function whyIncomplete(path: string): Promise<string | undefined> {
  const { head, tail, size } = await fileEnds(path)
  if (size === 0) return 'it is empty'
  const end = tail.toString('latin1').trimEnd()
  const text = head.toString('latin1')
  if (head.subarray(0, 8).equals(PNG))
    return tail.subarray(-8).equals(PNG_END) ? undefined : 'the PNG has no end'
  if (/<svg\b/.test(text)) return end.endsWith('</svg>') ? undefined : 'the SVG has no end'
  if (text.startsWith('%PDF') || text.startsWith('%!PS'))
    return end.endsWith('%%EOF') ? undefined : 'it has no %%EOF'
  if (/<xport>/.test(text)) return end.endsWith('</xport>') ? undefined : 'the XML has no end'
  if (text.startsWith('{')) return end.endsWith('}') ? undefined : 'the JSON has no end'
  return undefined
}
