import type { DataSourceDescription } from '../format/description.ts'
import { DS_SLOT, PDP_SLOT } from '../format/slots.ts'
import { Univals } from '../format/univals.ts'
import type { Place, Scope, Values } from './scope.ts'
import { nameBytes } from './text.ts'

/** A data source as read; its expression waits until the names of all are known. */
export interface DataSourceDraft {
  readonly description: DataSourceDescription
  expression?: { readonly text: string; readonly place: Place }
}

/** <ds> of <rrd>. What older versions leave out is unknown. */
export const dataSourceScope = (
  values: Values,
  place: () => Place,
  done: (ds: DataSourceDraft) => void,
): Scope => {
  const parameters = new Univals().setValue(DS_SLOT.minimum, Number.NaN).setValue(DS_SLOT.maximum, Number.NaN)
  const prep = new Univals().setValue(PDP_SLOT.value, Number.NaN)
  const description: DataSourceDescription = { name: '', type: '', parameters, lastReading: 'U', prep }
  const draft: DataSourceDraft = { description }
  let heartbeat = false
  const children: Readonly<Record<string, Scope>> = {
    name: values.name(20, (name) => {
      description.name = name
    }),
    type: values.name(20, (type) => {
      description.type = type
    }),
    minimal_heartbeat: values.count((count) => {
      heartbeat = true
      parameters.setCount(DS_SLOT.heartbeat, count)
    }),
    min: values.double((value) => parameters.setValue(DS_SLOT.minimum, value)),
    max: values.double((value) => parameters.setValue(DS_SLOT.maximum, value)),
    cdef: {
      text: (text) => {
        draft.expression = { text: nameBytes(text), place: place() }
      },
    },
    last_ds: values.name(30, (text) => {
      description.lastReading = text
    }),
    value: values.double((value) => prep.setValue(PDP_SLOT.value, value)),
    unknown_sec: values.count((count) => prep.setCount(PDP_SLOT.unknownSeconds, count)),
  }
  return {
    child: (name) => (Object.hasOwn(children, name) ? children[name] : undefined),
    close: () => {
      if (description.name === '') values.fail('<ds> without <name>')
      if (description.type === '') values.fail('<ds> without <type>')
      const compute = description.type === 'COMPUTE'
      if (compute && !draft.expression) values.fail('a COMPUTE <ds> without <cdef>')
      if (!compute && !heartbeat) values.fail('<ds> without <minimal_heartbeat>')
      done(draft)
    },
  }
}
