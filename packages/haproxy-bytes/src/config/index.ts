export * from './config.ts'
export { logFormats, type ProxyFormat } from './log-formats.ts'
export { parseConfig } from './parse.ts'
export { allOf, hasOption, lastOf } from './proxies.ts'
