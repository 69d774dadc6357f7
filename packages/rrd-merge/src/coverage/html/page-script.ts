/**
 * The page's behaviour, as text because the browser runs it, not this program. Strips become sliders: Tab or the
 * up and down keys reach them, left and right move over the columns, Page Up and Page Down to the next change.
 */
export const pageScript = String.raw`
'use strict'
;(() => {
  const root = document.documentElement
  root.classList.add('js')
  const data = JSON.parse(document.getElementById('data').textContent)
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.hidden = true
  document.body.append(tip)
  const strips = [...document.querySelectorAll('.strip')]
  const positions = new Map()

  let format
  try {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: data.timeZone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  } catch {
    format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  }
  const time = (seconds) => (Math.abs(seconds) > 8.64e12 ? '@' + seconds : format.format(seconds * 1000))
  const fileOf = (strip) => data.files[strip.id.replace(/s\d+-\d+$/, '')]
  const sharesOf = (strip) => fileOf(strip).strips[strip.id]
  const percent = (share) => (share >= 1e4 ? '100 %' : share <= 0 ? '0 %' : (share / 100).toFixed(share >= 9900 || share < 100 ? 2 : 1) + ' %')
  const state = (share) => (share >= 1e4 ? 'known' : share <= 0 ? 'unknown' : percent(share) + ' known')

  function bounds(shares) {
    let first = 0
    let last = shares.length - 1
    while (first < last && shares[first] === null) first++
    while (last > first && shares[last] === null) last--
    return [first, last]
  }

  /** The columns around one that are in the same state, so that a gap is named as a whole. */
  function run(shares, column) {
    const like = (other) => other !== null && state(other) === state(shares[column])
    let start = column
    let end = column
    while (start > 0 && like(shares[start - 1])) start--
    while (end < shares.length - 1 && like(shares[end + 1])) end++
    return [start, end]
  }

  function place(strip, column) {
    const svg = strip.ownerSVGElement
    const shares = sharesOf(strip)
    const hit = strip.querySelector('.hit')
    const [first, last] = bounds(shares)
    const x = +hit.getAttribute('x')
    const width = +hit.getAttribute('width') / (last - first + 1)
    let cursor = svg.querySelector('.cursor')
    if (!cursor) {
      cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path')
      cursor.setAttribute('class', 'cursor')
    }
    const middle = x + (column - first + 0.5) * width
    const y = +hit.getAttribute('y')
    cursor.setAttribute('d', 'M' + middle + ' ' + (y - 3) + 'v' + (+hit.getAttribute('height') + 6))
    strip.after(cursor)
    return cursor.getBoundingClientRect()
  }

  function show(strip, column) {
    const { edges } = fileOf(strip)
    const shares = sharesOf(strip)
    const [start, end] = run(shares, column)
    const range = time(edges[start]) + ' to ' + time(edges[end + 1])
    const text = state(shares[column])
    strip.setAttribute('aria-valuenow', column)
    strip.setAttribute('aria-valuetext', range + ': ' + text)
    positions.set(strip, column)
    for (const other of strips) other.classList.toggle('active', other === strip)
    const at = place(strip, column)
    tip.replaceChildren(Object.assign(document.createElement('b'), { textContent: text }), range)
    tip.hidden = false
    const left = Math.min(Math.max(at.left - tip.offsetWidth / 2, 8), root.clientWidth - tip.offsetWidth - 8)
    const above = at.top - tip.offsetHeight - 6
    tip.style.left = left + scrollX + 'px'
    tip.style.top = (above > 4 ? above : at.bottom + 6) + scrollY + 'px'
  }

  function hide() {
    tip.hidden = true
    for (const strip of strips) strip.classList.remove('active')
    for (const cursor of document.querySelectorAll('.cursor')) cursor.remove()
  }

  function columnAt(strip, clientX) {
    const [first, last] = bounds(sharesOf(strip))
    const box = strip.querySelector('.hit').getBoundingClientRect()
    const column = first + Math.floor(((clientX - box.left) / box.width) * (last - first + 1))
    return Math.min(Math.max(column, first), last)
  }

  function columnOfTime(strip, seconds) {
    const { edges } = fileOf(strip)
    const [first, last] = bounds(sharesOf(strip))
    const column = edges.findIndex((edge, i) => i > 0 && edge >= seconds) - 1
    return Math.min(Math.max(column < 0 ? last : column, first), last)
  }

  function move(strip, key) {
    const shares = sharesOf(strip)
    const [first, last] = bounds(shares)
    const column = positions.get(strip) ?? last
    const [start, end] = run(shares, column)
    if (key === 'ArrowLeft') return Math.max(column - 1, first)
    if (key === 'ArrowRight') return Math.min(column + 1, last)
    if (key === 'PageUp') return start > first ? run(shares, start - 1)[0] : first
    if (key === 'PageDown') return Math.min(end + 1, last)
    return key === 'Home' ? first : last
  }

  const moving = new Set(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'])
  for (const strip of strips) {
    const [first, last] = bounds(sharesOf(strip))
    for (const [name, value] of Object.entries({ role: 'slider', tabindex: 0, 'aria-orientation': 'horizontal', 'aria-valuemin': first, 'aria-valuemax': last, 'aria-valuenow': last })) strip.setAttribute(name, value)
    strip.addEventListener('pointermove', (event) => show(strip, columnAt(strip, event.clientX)))
    strip.addEventListener('pointerleave', hide)
    strip.addEventListener('focus', () => show(strip, positions.get(strip) ?? last))
    strip.addEventListener('blur', hide)
    strip.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide()
      else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        const visible = strips.filter((one) => !one.closest('details:not([open]), [hidden]'))
        visible[visible.indexOf(strip) + (event.key === 'ArrowUp' ? -1 : 1)]?.focus()
      } else if (moving.has(event.key)) show(strip, move(strip, event.key))
      else return
      event.preventDefault()
    })
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-strip]')
    const strip = link && document.getElementById(link.dataset.strip)
    if (!strip) return
    event.preventDefault()
    positions.set(strip, columnOfTime(strip, +link.dataset.time))
    strip.focus()
    strip.scrollIntoView({ block: 'center' })
    show(strip, positions.get(strip))
  })
})()
`
