const variable = (name: string): string => `$\{${name}}`
const TIMES = 'timeout connect 1s\n    timeout client 1s\n    timeout server 1s'
const global = (log = 'log /dev/log local0'): string => `global\n    ${log}\n    maxconn 100\n`
const web = (frontend = '', backend = '', more = ''): string => `frontend web
    bind 127.0.0.1:1${frontend && `\n    ${frontend}`}
    default_backend app

backend app${backend && `\n    ${backend}`}
    server s1 127.0.0.1:2${more}
`
const HTTP = `defaults\n    mode http\n    log global\n    option httplog\n    ${TIMES}\n`

/** Configurations as people have them. */
export const CONFIGS: Readonly<Record<string, string>> = {
  plain: `${global()}\n${HTTP}\n${web()}`,
  'with rules, comments and blank lines': `${global()}
# what everybody gets
${HTTP}
${web('acl api path_beg /api # not "quoted"\n\n    # deny\n    http-request deny if api\n    http-request set-header X-Forwarded-Proto http\n    use_backend app if api', 'http-response set-header X-Served-By %[env(HOSTNAME)]\n    http-response del-header Server\n    cookie SRV insert indirect nocache', ' cookie s1')}`,
  'defaults by name, one of another': `${global()}
defaults base
    mode http
    log global
    ${TIMES}

defaults public from base
    option httplog
    option dontlognull

frontend web from public
    bind 127.0.0.1:1
    default_backend app

backend app from base
    server s1 127.0.0.1:2
`,
  'defaults with rules': `${global()}
defaults fronts
    mode http
    log global
    option httplog
    ${TIMES}
    http-request set-header X-A b

defaults backs
    mode http
    ${TIMES}
    http-response set-header X-Y z

frontend web from fronts
    bind 127.0.0.1:1
    default_backend app

backend app from backs
    server s1 127.0.0.1:2
`,
  'log-format in defaults': `${global()}
defaults
    mode http
    log global
    log-format "%ci:%cp [%tr] %ft %b/%s %ST %{+Q}r %B"
    ${TIMES}
${web()}`,
  'bytes at the end': `${global()}\n${HTTP}\n${web('log-format "%ci:%cp [%tr] %ft %b/%s %ST %B"')}`,
  'old escapes': `${global()}\n${HTTP}\n${web('log-format %ci:%cp\\ [%t]\\ %ft\\ %b/%s\\ %ST\\ %B\\ %{+Q}r')}`,
  'quotes of all kinds': `${global()}\n${HTTP}\n${web(`log-format "it's %ci \\"%HU\\" %B \\$5 100%%"`)}`,
  'single quotes': `${global()}\n${HTTP}\n${web(`log-format '%ci "%r" %ST'`)}`,
  'hand-made JSON': `${global()}\n${HTTP}\n${web(`log-format '{"time":"%t","client":"%ci","request":"%[capture.req.uri,json(utf8s)]","status":%ST,"bytes":%B}'`)}`,
  clf: `${global()}\n${HTTP}\n${web('option httplog clf')}`,
  flags: `${global()}\n${HTTP}\n${web(`log-format '%{+Q,+X}o %ci %cp %ft %ST %r'`)}`,
  tcp: `${global()}
defaults
    mode tcp
    log global
    option tcplog
    ${TIMES}
${web()}`,
  'tcp and http': `${global()}
defaults
    mode tcp
    log global
    option tcplog
    ${TIMES}

listen mail
    bind 127.0.0.1:3
    server m1 127.0.0.1:4

frontend web
    mode http
    option httplog
    bind 127.0.0.1:1
    default_backend app

backend app
    mode http
    server s1 127.0.0.1:2
`,
  listen: `${global()}\n${HTTP}
listen web
    bind 127.0.0.1:1
    http-request set-header A b
    http-response set-header C d
    http-after-response set-header E f
    server s1 127.0.0.1:2
`,
  'several targets': `global
    log 127.0.0.1:514 local0
    log 127.0.0.1:515 len 800 format rfc5424 local1 notice
    log ring@kept local0

ring kept
    size 65536

${HTTP}
frontend web
    bind 127.0.0.1:1
    log global
    log /dev/log len 8192 local2 info
    log stdout format raw sample 1:10 local0
    default_backend app
backend app
    server s1 127.0.0.1:2
`,
  logasap: `${global()}\n${HTTP}\n${web('option logasap\n    option dontlog-normal')}`,
  'logasap in defaults': `${global()}\n${HTTP.replace('option httplog', 'option httplog\n    option logasap')}\n${web()}`,
  'no log at all': `global\n    maxconn 10\n\ndefaults\n    mode http\n    ${TIMES}\n${web()}`,
  'a log, but no format': `${global()}\ndefaults\n    mode http\n    log global\n    ${TIMES}\n${web()}`,
  'a target, but not for the frontend': `${global()}\ndefaults\n    mode http\n    ${TIMES}\n${web()}`,
  'no log': `${global()}\n${HTTP}\n${web('no log')}`,
  variables: `global\n    setenv WHERE /dev/log\n    log "$\{WHERE}" local0\n\n${HTTP}\n${web(`log-format "${variable('HAPROXY_HTTP_LOG_FMT')} id=%ID"`)}`,
  'a variable of the service': `${global()}\n${HTTP}\n${web(`log-format "%ci %ST ${variable('EXTRA_FORMAT')}"`)}`,
  captures: `${global()}\n${HTTP}\n${web('capture request header User-Agent len 1500\n    http-request capture req.hdr(Referer) len 900')}`,
  compression: `${global()}\n${HTTP}\n${web('compression algo gzip\n    http-request set-log-level silent if { path /up }')}`,
  tls: `${global()}\n${HTTP.replace('httplog', 'httpslog')}\n${web()}`,
  'without blank lines and with tabs': `${global()}${HTTP.replaceAll('    ', '\t')}${web().replaceAll('    ', '\t')}`,
  'without defaults': `${global()}
frontend web
    mode http
    bind 127.0.0.1:1
    timeout client 1s
    log global
    option httplog
    default_backend app
backend app
    mode http
    timeout connect 1s
    timeout server 1s
    server s1 127.0.0.1:2
`,
}
