import { fileNameText } from '@nightshift/tooling/files'
import { isInterrupted } from './remembered.ts'
import type { ScannedImage, ScanResult, ScanTotals } from './types.ts'

/** A metric of one image: its name, what it says, and its value. */
type ImageMetric = readonly [name: string, help: string, value: (image: ScannedImage) => number]

const IMAGE_METRICS: readonly ImageMetric[] = [
  ['opens', '1 if QEMU opens the image for writing', ({ blockers }) => (blockers.length === 0 ? 1 : 0)],
  ['corruptions', 'Corruptions, as qemu-img check counts them', ({ counts }) => counts.corruptions],
  [
    'leaked_bytes',
    'Bytes of clusters whose refcount is too high',
    ({ counts, clusterSize }) => counts.leaks * clusterSize,
  ],
  ['check_errors', 'Parts that could not be checked', ({ counts }) => counts.checkErrors],
  ['dirty', '1 if the dirty bit is set', ({ dirty }) => (dirty ? 1 : 0)],
  ['corrupt_bit', '1 if the corrupt bit is set', ({ corruptBit }) => (corruptBit ? 1 : 0)],
  ['snapshots', 'Internal snapshots that the image lists', ({ snapshots }) => snapshots.listed],
  ['snapshots_sound', 'Internal snapshots that can be believed', ({ snapshots }) => snapshots.sound],
  [
    'repair_interrupted',
    '1 if a repair of the image, or its undo, was interrupted',
    (image) => (isInterrupted(image) ? 1 : 0),
  ],
  [
    'in_use',
    '1 if somebody used the image: the verdict is a hint then',
    ({ inUse }) => (inUse === undefined ? 0 : 1),
  ],
  ['virtual_bytes', "Bytes of the guest's disk", ({ virtualSize }) => virtualSize],
]

export interface ScanTimes {
  /** Seconds since 1970. */
  readonly end: number
  /** Seconds. */
  readonly duration: number
}

/** Gathers results for a Prometheus textfile (node_exporter's textfile collector). */
export class Exposition {
  readonly #verdicts: string[] = []
  readonly #samples = new Map<string, string[]>()

  add(result: ScanResult): void {
    const path = escapeLabel(fileNameText(result.path))
    this.#verdicts.push(`qcow2_check_image_verdict{path="${path}",verdict="${result.verdict}"} 1`)
    if (!result.image) return
    for (const [name, , sampleOf] of IMAGE_METRICS) {
      const samples = this.#samples.get(name) ?? []
      this.#samples.set(name, samples)
      samples.push(`qcow2_check_image_${name}{path="${path}"} ${sampleOf(result.image)}`)
    }
  }

  text(totals: ScanTotals, { end, duration }: ScanTimes): string {
    const { images, ...byVerdict } = totals
    const lines = [
      ...metric(
        'qcow2_check_images',
        'Images by verdict',
        Object.entries(byVerdict).map(
          ([verdict, count]) => `qcow2_check_images{verdict="${verdict}"} ${count}`,
        ),
      ),
      ...metric('qcow2_check_image_verdict', 'The verdict of each image', this.#verdicts),
      ...IMAGE_METRICS.flatMap(([name, help]) =>
        metric(`qcow2_check_image_${name}`, help, this.#samples.get(name) ?? []),
      ),
      ...metric('qcow2_check_scan_images', 'Images of the last scan', [`qcow2_check_scan_images ${images}`]),
      ...metric('qcow2_check_scan_end_timestamp_seconds', 'When the last scan ended', [
        `qcow2_check_scan_end_timestamp_seconds ${end}`,
      ]),
      ...metric('qcow2_check_scan_duration_seconds', 'How long the last scan took', [
        `qcow2_check_scan_duration_seconds ${duration}`,
      ]),
    ]
    return `${lines.join('\n')}\n`
  }
}

function metric(name: string, help: string, samples: readonly string[]): string[] {
  return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples]
}

/** As the exposition format demands. */
function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
