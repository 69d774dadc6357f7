/** The ISC licence, which asks that its holders and these lines appear in all copies. */
function isc(holder: string): string {
  return `Copyright (c) ${holder}

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR
IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`
}

/**
 * Notices of packages whose tarball names a licence but doesn't hold its text, by exact version: another version
 * may have other holders, so it has to be looked at again.
 */
export const UNSHIPPED_LICENCES: Readonly<Record<string, string>> = {
  // saxes: github.com/lddubeau/saxes, LICENSE, which also names sax, the parser that saxes was forked from.
  'saxes@6.0.0': `${isc('Contributors')}\n\nThe parts that come from sax:\n\n${isc('Isaac Z. Schlueter and Contributors')}`,
}
