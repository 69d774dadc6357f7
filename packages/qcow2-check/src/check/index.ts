export { survey, surveyBriefly } from './run-survey.ts'
export type {
  CheckCounts,
  ClusterRange,
  Owner,
  Survey,
  SurveyOptions,
  Use,
  Verdict,
} from './survey.ts'
export { hasPins, surveyWithoutPins } from './without-pins.ts'
