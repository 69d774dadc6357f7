/** What a system error means in words, and what its reader can do about it. */
export interface SystemErrorWords {
  readonly why: string
  readonly remedy?: string
}

/**
 * The errno names that a tool of files, folders and sockets meets; errno(3) has their definitions. Others are shown
 * in libuv's words.
 */
export const systemErrorWords: Readonly<Record<string, SystemErrorWords>> = {
  EACCES: {
    why: 'permission denied',
    remedy:
      'run as the owner of the file or as root, or ask for access (`namei -l PATH` shows where it ends)',
  },
  EPERM: {
    why: 'operation not permitted',
    remedy: 'run as the owner of the file or as root; an immutable file is shown by `lsattr`',
  },
  ENOENT: {
    why: 'no such file or folder',
    remedy: 'check the name; a relative one starts at the current folder',
  },
  ENOTDIR: { why: 'a part of the path is not a folder' },
  EISDIR: { why: 'it is a folder, not a file', remedy: 'name a file' },
  EEXIST: { why: 'it exists already' },
  ENOTEMPTY: { why: 'the folder is not empty' },
  ENOSPC: {
    why: 'no space left on the device',
    remedy: 'free some space (`df -h`, `df -i`) and run it again',
  },
  EDQUOT: { why: 'the disk quota is used up', remedy: 'free some space (`quota -s`) and run it again' },
  EIO: {
    why: 'the device reported an input/output error',
    remedy: 'look at `dmesg`: the disk or its connection may be failing; copy what can be read first',
  },
  EROFS: {
    why: 'the file system is mounted read-only',
    remedy: 'remount it for writing, or write the result elsewhere',
  },
  EMFILE: { why: 'too many files are open in this process', remedy: 'raise the limit (`ulimit -n`)' },
  ENFILE: { why: 'too many files are open on this machine', remedy: 'raise `fs.file-max` (sysctl)' },
  ENOMEM: { why: 'out of memory', remedy: 'free memory or run with less at a time' },
  ELOOP: { why: 'too many symbolic links, or a link where none is followed' },
  ENAMETOOLONG: { why: 'the name is too long for the file system' },
  EBUSY: { why: 'it is in use' },
  ETXTBSY: { why: 'it is a program that is being run' },
  EXDEV: { why: 'the two names lie on different file systems' },
  EFBIG: { why: 'the file would be larger than the file system or `ulimit -f` allows' },
  EINVAL: { why: 'the system does not take such an argument' },
  ENXIO: { why: 'no such device, or nobody listens at the other end' },
  ENODEV: { why: 'no such device' },
  EPIPE: { why: 'the reader at the other end has gone' },
  ESTALE: { why: 'the file has gone from the NFS server' },
  EAGAIN: { why: 'temporarily unavailable' },
  ECONNREFUSED: {
    why: 'connection refused',
    remedy: 'check that the server runs and listens on this address',
  },
  ECONNRESET: { why: 'the server closed the connection' },
  ETIMEDOUT: { why: 'no answer in time' },
  EHOSTUNREACH: { why: 'no route to the host' },
  ENETUNREACH: { why: 'no route to the network' },
  ENOTFOUND: { why: 'no such host', remedy: 'check the name, or give the address' },
  EAI_AGAIN: { why: 'the name server did not answer' },
  EADDRINUSE: { why: 'the address is in use' },
  EADDRNOTAVAIL: { why: 'the address is not one of this machine' },
}

/** System calls as verbs, where their name says little. */
const callWords: Readonly<Record<string, string>> = {
  access: 'access',
  chmod: 'change the mode of',
  chown: 'change the owner of',
  connect: 'connect to',
  copyfile: 'copy',
  fchmod: 'change the mode of',
  fchown: 'change the owner of',
  fstat: 'look at',
  fsync: 'write to disk',
  ftruncate: 'change the size of',
  getaddrinfo: 'look up',
  link: 'link',
  lstat: 'look at',
  mkdir: 'make the folder',
  mkdtemp: 'make the folder',
  open: 'open',
  opendir: 'read the folder',
  read: 'read',
  readlink: 'read the link',
  realpath: 'resolve',
  rename: 'rename',
  rmdir: 'remove the folder',
  scandir: 'read the folder',
  stat: 'look at',
  symlink: 'link',
  truncate: 'change the size of',
  unlink: 'remove',
  utime: 'set the times of',
  watch: 'watch',
  write: 'write',
}

/** `open` as "open", `scandir` as "read the folder", `spawn rrdtool` as "start"; unknown calls as they are. */
export function systemCallWords(call: string): string {
  return callWords[call] ?? (call.startsWith('spawn') ? 'start' : call)
}
