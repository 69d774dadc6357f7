/**
 * The child's environment: the caller's own, but
 * - in the C locale, for rrdtool prints and reads decimal points and messages by locale;
 * - without RRDCACHED_ADDRESS unless the caller named a daemon, since with it rrdtool asks that daemon while the caller
 *   looks at the file.
 */
export function childEnvironment(
  daemon: string | undefined,
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const { RRDCACHED_ADDRESS: _daemon, LANGUAGE: _language, ...rest } = own
  return { ...rest, LC_ALL: 'C', ...(daemon === undefined ? {} : { RRDCACHED_ADDRESS: daemon }) }
}
