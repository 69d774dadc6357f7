/**
 * Lines of HAProxy 2.6.12 in the advised format, as it wrote them for rows of the measured table, with what the table
 * says went over the client's socket. The line is without addresses and names that don't matter.
 */
export interface Recorded {
  readonly row: string
  readonly line: string
  readonly out: number
  readonly in: number
}

const AT = '127.0.0.1:40000 fe'

export const RECORDED: readonly Recorded[] = [
  {
    row: 'GET CL 1000',
    line: `${AT} be/s1 200 1143 70 ---- 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=5 rh0=131 nh1=5 rh1=131 rl=1000 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 1148,
    in: 63,
  },
  {
    row: 'HEAD',
    line: `${AT} be/s1 200 143 71 ---- 0 method=HEAD version=HTTP/1.1 nq0=2 qh0=52 ql=- nh0=5 rh0=131 nh1=5 rh1=131 rl=1000 s10=- comp=0 "HEAD /cl/1000 HTTP/1.1"`,
    out: 148,
    in: 64,
  },
  {
    row: '304',
    line: `${AT} be/s1 304 122 66 ---- 0 method=GET version=HTTP/1.1 nq0=2 qh0=47 ql=- nh0=4 rh0=96 nh1=4 rh1=96 rl=- s10=- comp=0 "GET /304 HTTP/1.1"`,
    out: 123,
    in: 59,
  },
  {
    row: 'POST CL 5000',
    line: `${AT} be/s1 200 126 5084 ---- 0 method=POST version=HTTP/1.1 nq0=3 qh0=69 ql=5000 nh0=4 rh0=102 nh1=4 rh1=102 rl=8 s10=- comp=0 "POST /up HTTP/1.1"`,
    out: 127,
    in: 5081,
  },
  {
    row: 'http-response add+set-header',
    line: `${AT} be/s1 200 1143 70 ---- 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=5 rh0=131 nh1=7 rh1=164 rl=1000 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 1181,
    in: 63,
  },
  {
    row: 'HSTS set + X-Powered-By del',
    line: `${AT} be/s1 200 1143 70 ---- 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=5 rh0=131 nh1=5 rh1=184 rl=1000 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 1201,
    in: 63,
  },
  {
    row: 'cookie insert',
    line: `${AT} be/s1 200 1143 70 --NI 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=5 rh0=131 nh1=6 rh1=159 rl=1000 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 1176,
    in: 63,
  },
  {
    row: '503 by HAProxy',
    line: `${AT} be/<NOSRV> 503 217 70 SC-- 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=- rh0=- nh1=3 rh1=73 rl=107 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 214,
    in: 63,
  },
  {
    row: '302 redirect',
    line: `${AT} fe/<NOSRV> 302 85 70 LR-- 0 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=- rh0=- nh1=3 rh1=62 rl=0 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 82,
    in: 63,
  },
  {
    row: 'cache hit',
    line: `${AT} be/<CACHE> 200 5170 73 LR-- 0 method=GET version=HTTP/1.1 nq0=2 qh0=54 ql=- nh0=7 rh0=166 nh1=7 rh1=166 rl=5000 s10=- comp=0 "GET /cache/5000 HTTP/1.1"`,
    out: 5183,
    in: 66,
  },
  {
    row: 'websocket 3x50',
    line: `${AT} be/s1 101 288 330 ---- 0 method=GET version=HTTP/1.1 nq0=6 qh0=159 ql=- nh0=3 rh0=95 nh1=3 rh1=95 rl=- s10=- comp=0 "GET /ws HTTP/1.1"`,
    out: 285,
    in: 339,
  },
  {
    row: 'an answer to a 5 byte body, retried',
    line: `${AT} be/s1 200 54 70 ---- 2 method=GET version=HTTP/1.1 nq0=2 qh0=51 ql=- nh0=1 rh0=21 nh1=1 rh1=21 rl=5 s10=- comp=0 "GET /cl/1000 HTTP/1.1"`,
    out: 43,
    in: 63,
  },
]
