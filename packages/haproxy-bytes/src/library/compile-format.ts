import { type Config, logFormats } from '../config/index.ts'
import {
  KNOWN_FORMATS,
  type KnownFormat,
  type LogFormat,
  parseFormatText,
  parseLogFormat,
} from '../log-format/index.ts'

/**
 * A format of log lines: `http`, `tcp`, `https`, `clf`, `tcp-clf`, or a log-format string as in haproxy.cfg.
 *
 * @throws FormatError where HAProxy would refuse it too
 */
export function compileFormat(format: KnownFormat | (string & {})): LogFormat {
  return parseFormatText(isKnown(format) ? KNOWN_FORMATS[format] : format)
}

/** All formats in which the proxies of a configuration log, each once. @throws FormatError */
export function formatsOf(config: Config): LogFormat[] {
  const texts = logFormats(config).flatMap(({ format }) => format ?? [])
  return [...new Set(texts)].map(parseLogFormat)
}

/** The formats that HAProxy knows by name: what is tried where nothing is said. */
export function knownFormats(): LogFormat[] {
  return Object.values(KNOWN_FORMATS).map(parseLogFormat)
}

const isKnown = (format: string): format is KnownFormat => Object.hasOwn(KNOWN_FORMATS, format)
