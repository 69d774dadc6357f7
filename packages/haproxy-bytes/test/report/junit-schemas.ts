/** One element of a parsed document. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

/** What a schema says of an element: attributes with the form of their values, and the order of its children. */
interface Rule {
  readonly required: Readonly<Record<string, RegExp>>
  readonly optional?: Readonly<Record<string, RegExp>>
  /** Names of children, each followed by a blank. */
  readonly children: RegExp
}

type Schema = Readonly<Record<string, Rule>>

const TEXT = /^/
const TOKEN = /^(?:\S+(?: \S+)*)?$/
const COUNT = /^\d+$/
const SECONDS = /^\d+(?:\.\d+)?$/
const NONE = /^$/
const COUNTS = { tests: COUNT, failures: COUNT, errors: COUNT }

/** Of the xUnit plugin's junit-10.xsd: what is there is of these, in any order. */
const JENKINS: Schema = {
  testsuites: {
    required: {},
    optional: { name: TEXT, time: TEXT, disabled: TEXT, ...COUNTS },
    children: /^(?:testsuite )*$/,
  },
  testsuite: {
    required: { name: TEXT },
    optional: {
      ...COUNTS,
      skipped: COUNT,
      disabled: COUNT,
      time: SECONDS,
      ...Object.fromEntries(
        ['group', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url', 'version'].map((name) => [
          name,
          TEXT,
        ]),
      ),
    },
    children: /^(?:(?:testsuite|properties|testcase|system-out|system-err) )*$/,
  },
  properties: { required: {}, children: /^(?:property )*$/ },
  testcase: {
    required: { name: TEXT },
    optional: { classname: TEXT, group: TEXT, time: SECONDS },
    children: /^(?:(?:skipped|error|failure|properties|system-out|system-err) )*$/,
  },
  failure: { required: {}, optional: { type: TEXT, message: TEXT }, children: NONE },
  error: { required: {}, optional: { type: TEXT, message: TEXT }, children: NONE },
  'system-out': { required: {}, children: NONE },
  'system-err': { required: {}, children: NONE },
}

/** Of JUnit.xsd, which describes the reports of Ant's JUnit task: all of it, in this order. */
const ANT: Schema = {
  testsuites: { required: {}, children: /^(?:testsuite )*$/ },
  testsuite: {
    required: {
      name: TOKEN,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: /^\S+$/,
      package: TOKEN,
      id: COUNT,
      time: SECONDS,
      ...COUNTS,
    },
    optional: { skipped: COUNT },
    children: /^properties (?:testcase )*system-out system-err $/,
  },
  properties: { required: {}, children: /^(?:property )*$/ },
  testcase: {
    required: { name: TOKEN, classname: TOKEN, time: SECONDS },
    children: /^(?:(?:skipped|error|failure) )?$/,
  },
  failure: { required: { type: TEXT }, optional: { message: TEXT }, children: NONE },
  error: { required: { type: TEXT }, optional: { message: TEXT }, children: NONE },
  'system-out': { required: {}, children: NONE },
  'system-err': { required: {}, children: NONE },
}

export const SCHEMAS = { jenkins: JENKINS, ant: ANT } as const

/** What is wrong with an element, and with those in it. A token's blanks are put together before it is looked at. */
export function faultsBy(schema: Schema, { name, attributes, children }: Element): string[] {
  const rule = schema[name]
  if (!rule) return [`${name}: no such element`]
  const { required, optional = {}, children: order } = rule
  const allowed = { ...required, ...optional }
  return [
    ...Object.keys(required).flatMap((one) => (one in attributes ? [] : [`${name}: no ${one}`])),
    ...Object.entries(attributes).flatMap(([one, value]) => {
      const form = allowed[one]
      const text = form === TOKEN ? value.trim().replace(/\s+/g, ' ') : value
      return form?.test(text) ? [] : [`${name}: ${one}`]
    }),
    ...(order.test(children.map((child) => `${child.name} `).join('')) ? [] : [`${name}: its children`]),
    ...children.flatMap((child) => faultsBy(schema, child)),
  ]
}
