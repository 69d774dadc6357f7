/** A Debian package whose programs the tests or the demo run for real. */
export interface DebianPackage {
  readonly name: string
  /** What would go untested without it. */
  readonly reason: string
  /** The demo shows users what a tool does and needs no more than this. */
  readonly demo?: true
}

/** Every real program that anything here is compared with. In the order of the tools. */
export const DEBIAN_PACKAGES: readonly DebianPackage[] = [
  { name: 'rrdtool', reason: 'the oracle of rrd-merge and the program that its client drives', demo: true },
  { name: 'rrdcached', reason: 'live merges under a caching daemon' },
  {
    name: 'qemu-utils',
    reason: 'qemu-img and qemu-io: the oracle of qcow2-check, and the makers of its images',
    demo: true,
  },
  { name: 'gddrescue', reason: 'ddrescuelog reads the mapfiles that a rescue writes' },
  {
    name: 'haproxy',
    reason: 'the oracle of haproxy-bytes: real logs, counters and bytes on sockets; with halog',
    demo: true,
  },
  { name: 'rsyslog', reason: 'rsyslogd: lost lines are lost for real, and its wrappers are read' },
  { name: 'logrotate', reason: 'the stanzas that advise prints are ones it takes' },
  { name: 'zstd', reason: 'logs that logrotate compressed with it' },
  { name: 'openssl', reason: 'certificates of TLS scenarios' },
  { name: 'chromium', reason: 'report pages and pictures are looked at in a real browser' },
  { name: 'strace', reason: 'the order of write, fsync and rename is read from system calls' },
  { name: 'attr', reason: 'getfattr and setfattr: extended attributes survive a replacement' },
  { name: 'acl', reason: 'setfacl and getfacl: access control lists survive a replacement' },
  { name: 'xfsprogs', reason: 'mkfs.xfs: a file system that clones, for --reflink' },
  { name: 'python3', reason: 'takes locks where there is no perl' },
  { name: 'systemd', reason: 'systemd-analyze: the units that export prints are ones it takes' },
  { name: 'procps', reason: 'pgrep: what is left of a daemon, by other eyes' },
  { name: 'zsh', reason: 'generated completions are loaded by the shell they are for' },
  { name: 'fish', reason: 'generated completions are loaded by the shell they are for' },
  { name: 'jq', reason: 'the pipelines of READMEs and examples are run' },
  { name: 'man-db', reason: 'generated man pages are read without a warning' },
]
