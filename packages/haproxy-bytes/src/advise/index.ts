export {
  type Advice,
  type AdviceCode,
  type AdviceFinding,
  type AdvisedSection,
  applyAdvice,
  HAPROXY_CODES,
  LOGROTATE_CODES,
  RSYSLOG_CODES,
} from './advice.ts'
export { type AdviceOptions, advisedLength, adviseHaproxy } from './haproxy-advice.ts'
export { adviseLogrotate } from './logrotate-advice.ts'
export { adviseRsyslog, type NamedText, type RsyslogOptions } from './rsyslog-advice.ts'
