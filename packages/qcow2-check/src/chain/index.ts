export type { Chain, ChainMember } from './chain.ts'
export { checkDataFile } from './data-file.ts'
export { guessFormat } from './member-format.ts'
export { type ChainOptions, openChain } from './open-chain.ts'
