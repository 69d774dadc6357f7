/** 1 GiB: ten times what is met in the field. A few MB of gzip can hold any number of rows. */
export const MOST_CELLS = 2 ** 27

/** Cells whose number is known only at the end of the archive; grows by doubling, so by what was really read. */
export class CellList {
  length = 0
  private cells = new Float64Array(256)

  push(value: number): void {
    if (this.length === this.cells.length) {
      const larger = new Float64Array(2 * this.cells.length)
      larger.set(this.cells)
      this.cells = larger
    }
    this.cells[this.length++] = value
  }

  view(): Float64Array {
    return this.cells.subarray(0, this.length)
  }
}
