/** Leaked clusters that are somebody's data, not waste. */
export class Explained {
  readonly clusters = new Set<number>()
  all = false

  has(cluster: number): boolean {
    return this.all || this.clusters.has(cluster)
  }
}
