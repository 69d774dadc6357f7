/** Relative luminance (WCAG 2) of a colour as getComputedStyle gives it, `rgb(1, 2, 3)`. */
export function luminance(color: string): number {
  const [red, green, blue] = (color.match(/\d+(\.\d+)?/g) ?? []).map((part) => {
    const value = Number(part) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red as number) + 0.7152 * (green as number) + 0.0722 * (blue as number)
}

/** Contrast ratio (WCAG 2) of two luminances, 1 to 21. */
export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
