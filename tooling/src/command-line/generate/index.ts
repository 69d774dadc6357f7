export { manPage } from './man.ts'
export { exitCodesMarkdown, optionsMarkdown, replaceOptions } from './readme.ts'
