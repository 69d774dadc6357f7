import { type Config, parseConfig as parse } from '../config/index.ts'

/**
 * Reads a haproxy.cfg, or several of one process joined: the bytes of the file, or its text. Never throws: what can't be
 * read is a problem, the rest is taken. `${HAPROXY_HTTP_LOG_FMT}` and its like are known.
 *
 * @param variables values of other `${NAME}`, as HAProxy's own process has them; without it none is known
 * @returns words of which each character is a byte, as HAProxy counts and logs them
 */
export function parseConfig(
  config: string | Uint8Array,
  variables?: (name: string) => string | undefined,
): Config {
  return parse(Buffer.from(config).toString('latin1'), variables)
}
