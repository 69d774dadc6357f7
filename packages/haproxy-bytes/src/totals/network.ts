import { BlockList, isIP } from 'node:net'

/** `192.0.2.0/24` for a client and a prefix length; an address that is none (`unix`) stays as it is. */
export function networkOf(client: string, prefix: { readonly v4: number; readonly v6: number }): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(client)?.[1]
  const address = mapped ?? client
  const family = isIP(address)
  if (family === 4) return `${mask4(address, prefix.v4)}/${prefix.v4}`
  if (family === 6) return `${mask6(address, prefix.v6)}/${prefix.v6}`
  return client
}

function mask4(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - bits)
  const network = Math.floor(value / size) * size
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')
}

function mask6(address: string, bits: number): string {
  const groups = expand(address).map((group, index) => {
    const keep = Math.min(Math.max(bits - index * 16, 0), 16)
    return group & ((0xffff << (16 - keep)) & 0xffff)
  })
  return compress(groups)
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const words = (part: string): number[] =>
    part === ''
      ? []
      : part.split(':').flatMap((word) => (word.includes('.') ? dotted(word) : [Number.parseInt(word, 16)]))
  const left = words(head)
  const right = tail === undefined ? [] : words(tail)
  return [...left, ...new Array(8 - left.length - right.length).fill(0), ...right]
}

function dotted(word: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

/** The longest run of zeros is `::` (RFC 5952): node:net writes it so. */
function compress(groups: readonly number[]): string {
  const list = new BlockList()
  list.addAddress(groups.map((group) => group.toString(16)).join(':'), 'ipv6')
  return (list.rules[0] as string).split(' ').at(-1) as string
}
