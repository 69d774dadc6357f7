/**
 * The page's behaviour, as text because the browser runs it, not this program. The map is a slider: arrow keys move over
 * the cells, Page Up and Page Down to the next damaged one, Home and End to the ends.
 */
export const pageScript = `
'use strict'
;(() => {
  document.documentElement.classList.add('js')
  const data = JSON.parse(document.getElementById('data').textContent)
  const svg = document.getElementById('map')
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.hidden = true
  document.body.append(tip)
  const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  cursor.setAttribute('class', 'cursor')
  let current = 0

  const hex = (bytes) => '0x' + bytes.toString(16)
  function words(index) {
    const [counts, codes] = data.cells[index]
    const first = index * data.perCell
    const clusters = Math.min(data.perCell, data.clusters - first)
    const used = counts.map(([category, count]) => (clusters === 1 ? data.labels[category] : count + ' ' + data.labels[category]))
    const range = hex(first * data.clusterSize) + ' to ' + hex((first + clusters) * data.clusterSize)
    return range + ': ' + used.join(', ') + (codes.length ? '; found: ' + codes.join(', ') : '')
  }

  function show(index) {
    current = Math.max(0, Math.min(index, data.cells.length - 1))
    const x = (current % data.columns) * data.width
    const y = Math.floor(current / data.columns) * data.height
    cursor.setAttribute('d', 'M' + (x - 1) + ' ' + (y - 1) + 'h' + (data.width + 1) + 'v' + (data.height + 1) + 'h-' + (data.width + 1) + 'z')
    svg.append(cursor)
    const text = words(current)
    svg.setAttribute('aria-valuenow', current)
    svg.setAttribute('aria-valuetext', text)
    tip.textContent = text
    tip.hidden = false
    const at = cursor.getBoundingClientRect()
    const width = tip.offsetWidth
    const left = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, document.documentElement.clientWidth - width - 8))
    tip.style.left = left + scrollX + 'px'
    tip.style.top = at.bottom + 6 + scrollY + 'px'
  }

  function hide() {
    tip.hidden = true
    cursor.remove()
  }

  function damaged(step) {
    for (let index = current + step; index >= 0 && index < data.cells.length; index += step)
      if (data.cells[index][2]) return index
    return current
  }

  const keys = {
    ArrowRight: () => current + 1,
    ArrowLeft: () => current - 1,
    ArrowDown: () => (current + data.columns < data.cells.length ? current + data.columns : current),
    ArrowUp: () => (current >= data.columns ? current - data.columns : current),
    PageDown: () => damaged(1),
    PageUp: () => damaged(-1),
    Home: () => 0,
    End: () => data.cells.length - 1,
  }
  svg.setAttribute('tabindex', '0')
  svg.setAttribute('role', 'slider')
  svg.setAttribute('aria-valuemin', '0')
  svg.setAttribute('aria-valuemax', data.cells.length - 1)
  svg.setAttribute('aria-valuenow', '0')
  svg.setAttribute('aria-valuetext', data.cells.length ? words(0) : 'no clusters')
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
    if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    show(keys[event.key]())
  })
  svg.addEventListener('focus', () => show(current))
  svg.addEventListener('blur', hide)
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect()
    const scale = data.columns * data.width / box.width
    const column = Math.floor(((event.clientX - box.left) * scale) / data.width)
    const row = Math.floor(((event.clientY - box.top) * scale) / data.height)
    const index = row * data.columns + column
    if (column < 0 || column >= data.columns || row < 0 || index >= data.cells.length) hide()
    else show(index)
  })
  svg.addEventListener('pointerleave', hide)
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-cell]')
    if (!link) return
    event.preventDefault()
    svg.focus()
    show(+link.dataset.cell)
    svg.scrollIntoView({ block: 'nearest' })
  })
})()
`
