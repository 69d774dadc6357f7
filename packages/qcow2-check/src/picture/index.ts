export type { Category } from './categories.ts'
export { type ClusterMap, clusterMap, type MapCell } from './cluster-map.ts'
export { renderMapPage } from './page.ts'
export { renderSvg } from './svg.ts'
