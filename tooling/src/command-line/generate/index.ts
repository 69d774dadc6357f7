export { manPage } from './man.ts'
export { exitCodesMarkdown, optionsMarkdown, replaceBlock } from './readme.ts'
