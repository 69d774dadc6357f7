/**
 * The page's behaviour, as text because the browser runs it, not this program. The picture is a slider: arrow keys move
 * over its intervals, Page Up and Page Down to the next in which lines were lost, Home and End to the ends.
 */
export const pageScript = `
'use strict'
;(() => {
  document.documentElement.classList.add('js')
  const { top, bottom, intervals } = JSON.parse(document.getElementById('data').textContent)
  const svg = document.getElementById('chart')
  if (!svg || !intervals.length) return
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.hidden = true
  document.body.append(tip)
  const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  cursor.setAttribute('class', 'cursor')
  const last = intervals.length - 1
  let current = 0

  function show(index) {
    current = Math.max(0, Math.min(index, last))
    const [from, to, text] = intervals[current]
    cursor.setAttribute('d', 'M' + from + ' ' + top + 'H' + Math.max(to, from + 2) + 'V' + bottom + 'H' + from + 'z')
    svg.append(cursor)
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

  function lossy(step) {
    for (let index = current + step; index >= 0 && index <= last; index += step) if (intervals[index][3]) return index
    return current
  }

  const keys = {
    ArrowRight: () => current + 1,
    ArrowLeft: () => current - 1,
    PageDown: () => lossy(1),
    PageUp: () => lossy(-1),
    Home: () => 0,
    End: () => last,
  }
  svg.setAttribute('tabindex', '0')
  svg.setAttribute('role', 'slider')
  svg.setAttribute('aria-valuemin', '0')
  svg.setAttribute('aria-valuemax', last)
  svg.setAttribute('aria-valuenow', '0')
  svg.setAttribute('aria-valuetext', intervals[0][2])
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
    if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    show(keys[event.key]())
  })
  svg.addEventListener('focus', () => show(current))
  svg.addEventListener('blur', hide)
  svg.addEventListener('pointerleave', hide)
  svg.addEventListener('pointermove', (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse())
    const index = intervals.findIndex(([from, to]) => point.x >= from && point.x < to)
    if (index < 0 || point.y < top || point.y > bottom) hide()
    else show(index)
  })
})()
`
