import type { Picture, PictureGroup, PictureLine } from '../picture.ts'
import { formatShare } from '../times.ts'

/** One strip in words, for those who don't see it. */
export function describeLine({ name }: Picture, group: PictureGroup, line: PictureLine): string {
  const role = line.role === '' ? '' : `, ${line.role}`
  const notes = line.notes.length === 0 ? '' : `; ${line.notes.join(', ')}`
  return `${group.cf} ${group.span}, ${group.length}${role}: ${formatShare(line.archive.share)} known${notes} (${name})`
}

/** The whole picture in words. */
export function describePicture(picture: Picture): string {
  const archives = picture.groups.map((group) => {
    const answer = group.lines.at(-1) as PictureLine
    const notes = answer.notes.length === 0 ? '' : ` (${answer.notes.join(', ')})`
    return `${group.cf} ${group.span} over ${group.length}: ${formatShare(answer.archive.share)} known${notes}.`
  })
  return [`${picture.headline}.`, ...archives].join(' ')
}
