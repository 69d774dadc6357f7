/** Formats that HAProxy knows by an option (src/log.c of 2.6 to 3.5-dev5, where they are equal but for their age). */
export const KNOWN_FORMATS = {
  http: '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r',
  tcp: '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq',
  https:
    '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc',
  clf: '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  'tcp-clf':
    '%{+Q}o %{-Q}ci - - [%T] "TCP " 000 %B "" "" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq "" "" ',
} as const

/** A format that HAProxy knows by name. */
export type KnownFormat = keyof typeof KNOWN_FORMATS

/**
 * `${HAPROXY_HTTP_LOG_FMT}` and its like, whatever the environment says: newer versions define them, 2.6.12 expands
 * them to nothing (measured).
 */
export const FORMAT_VARIABLES: Readonly<Record<string, KnownFormat>> = {
  HAPROXY_HTTP_LOG_FMT: 'http',
  HAPROXY_TCP_LOG_FMT: 'tcp',
  HAPROXY_HTTPS_LOG_FMT: 'https',
  HAPROXY_HTTP_CLF_LOG_FMT: 'clf',
  HAPROXY_TCP_CLF_LOG_FMT: 'tcp-clf',
}
