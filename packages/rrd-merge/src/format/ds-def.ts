import type { FieldReader } from './field-reader.ts'
import { DS_DEF_SIZE, type Layout, PDP_PREP_SIZE } from './layout.ts'
import { decodeRpn } from './rpn.ts'
import type { DataSource } from './types.ts'

/** par[] of ds_def and scratch[] of pdp_prep. */
export const DS_PAR = 40
export const PDP_SCRATCH = 32
const NAME_SIZE = 20
const LAST_DS_SIZE = 30

/** ds_def[d] and pdp_prep[d]. */
export const decodeDataSource = (reader: FieldReader, layout: Layout, d: number): DataSource => {
  const def = layout.dsDef + d * DS_DEF_SIZE
  const par = def + DS_PAR
  const type = reader.text(def + NAME_SIZE, NAME_SIZE)
  const compute = type === 'COMPUTE'
  return {
    name: reader.text(def, NAME_SIZE),
    type,
    heartbeat: compute ? 0 : reader.ulong(par),
    minimum: compute ? Number.NaN : reader.double(par + 8),
    maximum: compute ? Number.NaN : reader.double(par + 16),
    ...(compute && { rpn: decodeRpn(reader, par) }),
    ...decodeRunning(reader, layout, d),
  }
}

/** pdp_prep[d] alone. */
export const decodeRunning = (
  reader: FieldReader,
  layout: Layout,
  d: number,
): Pick<DataSource, 'lastReading' | 'unknownSeconds' | 'pdpValue'> => {
  const prep = layout.pdpPrep + d * PDP_PREP_SIZE
  const scratch = prep + PDP_SCRATCH
  return {
    lastReading: reader.text(prep, LAST_DS_SIZE),
    unknownSeconds: reader.ulong(scratch),
    pdpValue: reader.double(scratch + 8),
  }
}
