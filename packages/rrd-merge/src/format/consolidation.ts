/** The consolidation functions of rrd_format.h. */
export const CONSOLIDATION_FUNCTIONS = [
  'AVERAGE',
  'MIN',
  'MAX',
  'LAST',
  'HWPREDICT',
  'MHWPREDICT',
  'SEASONAL',
  'DEVPREDICT',
  'DEVSEASONAL',
  'FAILURES',
] as const

export type ConsolidationFunction = (typeof CONSOLIDATION_FUNCTIONS)[number]

export const isConsolidationFunction = (cf: string): cf is ConsolidationFunction =>
  (CONSOLIDATION_FUNCTIONS as readonly string[]).includes(cf)

/** AVERAGE, MIN, MAX, LAST: the archives that consolidate primary data points and therefore have an xff. */
export const hasXff = (cf: string): boolean =>
  cf === 'AVERAGE' || cf === 'MIN' || cf === 'MAX' || cf === 'LAST'

/**
 * SEASONAL, DEVSEASONAL, FAILURES: rows are the state of a cycle, not history, so that two files' rows of one time
 * have nothing to do with each other.
 */
export const isCyclicState = (cf: string): boolean =>
  cf === 'SEASONAL' || cf === 'DEVSEASONAL' || cf === 'FAILURES'

export const DATA_SOURCE_TYPES = [
  'GAUGE',
  'COUNTER',
  'DERIVE',
  'ABSOLUTE',
  'COMPUTE',
  'DCOUNTER',
  'DDERIVE',
] as const

export type DataSourceType = (typeof DATA_SOURCE_TYPES)[number]

export const isDataSourceType = (type: string): type is DataSourceType =>
  (DATA_SOURCE_TYPES as readonly string[]).includes(type)
