export { planStart, type StartPlan, type StartRequest } from './start-plan.ts'
