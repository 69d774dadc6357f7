import type { CommandContext } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { type MergedMeasurements, measure, mergeCoverageText, terminalStyle } from '../coverage/index.ts'
import { openRrd } from '../file/open-rrd.ts'
import { writeOutput } from '../file/write-output.ts'
import { RrdError } from '../format/index.ts'
import { type MergeOptions, planMerge } from '../merge/index.ts'

/** What one merge looks like: NEW as it was, the OLDs and the result, measured before anything is written. */
export class MergePicture {
  readonly #name: string
  readonly #measurements: MergedMeasurements

  private constructor(name: string, measurements: MergedMeasurements) {
    this.#name = name
    this.#measurements = measurements
  }

  /** undefined where the pair can't be merged: the merge itself will say why. */
  static async of(
    olds: readonly FileName[],
    target: FileName,
    options: MergeOptions,
  ): Promise<MergePicture | undefined> {
    try {
      const before = await openRrd(target)
      const oldRrds = []
      for (const old of olds) oldRrds.push(await openRrd(old))
      const { rrd } = planMerge(before, oldRrds, options)
      const measurements = {
        before: measure(before),
        olds: oldRrds.map((old) => measure(old)),
        after: measure(rrd),
      }
      return new MergePicture(fileNameText(target), measurements)
    } catch (error) {
      if (error instanceof RrdError) return undefined
      throw error
    }
  }

  text({ stdout, env }: CommandContext): string {
    return mergeCoverageText(this.#name, this.#measurements, terminalStyle(stdout, env))
  }

  async write(
    { svg, html }: { readonly svg?: FileName | undefined; readonly html?: FileName | undefined },
    { tool, version }: CommandContext,
  ): Promise<void> {
    const { mergePage, mergeSvg } = await import('./coverage-pictures.ts')
    if (svg !== undefined) writeOutput(svg, mergeSvg(this.#name, this.#measurements))
    if (html !== undefined) writeOutput(html, mergePage(this.#name, this.#measurements, `${tool} ${version}`))
  }
}
