import type { FieldReader } from './field-reader.ts'
import type { RpnNode } from './types.ts'

/** rpn_cdefds_t { char op; short val } in the 80 bytes of ds_def.par: at most 20 nodes. */
export const RPN_NODES = 20
export const OP_END = 32

/** The nodes before OP_END. */
export const decodeRpn = (reader: FieldReader, offset: number): RpnNode[] => {
  const nodes: RpnNode[] = []
  for (let at = offset; at < offset + 4 * RPN_NODES; at += 4) {
    const op = reader.bytes[at] as number
    if (op === OP_END) break
    nodes.push({ op, value: reader.int16(at + 2) })
  }
  return nodes
}
