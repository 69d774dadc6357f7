/** The part of the script that filters, sorts and opens the files of a tree. */
export const listScript = `
;(() => {
  const table = document.getElementById('files')
  if (!table) return
  const rows = [...table.tBodies[0].rows]
  const search = document.getElementById('filter')
  const onlyGaps = document.getElementById('only-gaps')
  const shown = document.getElementById('shown')

  function filter() {
    const wanted = search.value.toLowerCase()
    let count = 0
    for (const row of rows) {
      const fits = row.dataset.name.includes(wanted) && (!onlyGaps.checked || row.dataset.gap !== '0')
      row.hidden = !fits
      const details = document.getElementById(row.dataset.file)
      if (details) details.hidden = !fits
      if (fits) count++
    }
    shown.textContent = count + ' of ' + rows.length + ' files'
  }

  function sort(button) {
    const key = button.dataset.key
    const head = button.closest('th')
    const descending = head.getAttribute('aria-sort') === 'ascending'
    for (const other of table.querySelectorAll('th')) other.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
    const value = (row) => (key === 'name' ? row.dataset.name : +row.dataset[key])
    rows.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (descending ? -1 : 1))
    table.tBodies[0].append(...rows)
  }

  search.addEventListener('input', filter)
  onlyGaps.addEventListener('change', filter)
  for (const button of table.querySelectorAll('th button')) button.addEventListener('click', () => sort(button))
  table.addEventListener('click', (event) => {
    const link = event.target.closest('a')
    const details = link && document.getElementById(link.hash.slice(1))
    if (details) details.open = true
  })
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details:not([hidden])')) details.open = true
  })
  filter()
})()
`
