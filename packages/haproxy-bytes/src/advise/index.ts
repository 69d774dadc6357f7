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
export { type AdviceOptions, adviseHaproxy } from './haproxy-advice.ts'
