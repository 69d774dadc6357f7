/**
 * Where things are in the kernel's memory, in bytes. What WebAssembly and JavaScript both read or write is named here
 * and nowhere else.
 */

/** 32-bit cells. */
export const CELL = {
  /** Lines that were handed over, in `HANDED`. */
  handed: 0,
  /** Not 0: something is full; JavaScript makes room before the next line. */
  stop: 4,
  /** After so many lines that were handed over, JavaScript looks at them. */
  handedLimit: 36,
  /** Hash table: `SLOT` bytes a slot, a power of two of them. */
  slots: 8,
  slotMask: 12,
  /** Where the next record goes, and where `stop` is set. */
  recordEnd: 16,
  recordLimit: 20,
  /** Records that the hash table still takes. */
  recordsLeft: 24,
  /** Envelopes that are known, and the one met last. */
  envelopes: 28,
  envelope: 32,
  /** 64 bits: all sums or-ed, so that one that comes near their end shows. */
  largest: 40,
  /** 64 bits: the span of time, ms of UTC. */
  since: 48,
  until: 56,
  /** Entries in `BLOCKS`. */
  blocks: 104,
} as const

/** 16 bytes of ones, 16 of zeros: the mask of n bytes begins at `TAIL + 16 - n`. */
export const TAIL = 64
/** 64 bits: a key of time. */
export const INSTANT = 96
/** 256 marks: first letters of the states of broken transfers. */
export const BROKEN = 256
/** Masks of a window, 32 bits each. */
export const MASKS = 512

/** Minutes whose instant is known: 17 bytes `21/Nov/2026:11:34`, then at 24 the instant, ms of UTC, 64 bits. */
export const MINUTES = 1024
export const MINUTE_SIZE = 32
export const MINUTE_COUNT = 256

/** Constants of the code, 16 bytes each. */
export const CONSTANTS = 49_152

/**
 * Envelopes: length, vectors and what it ends with (32 bits each), number of starts at 12, then from 16 the
 * starts (16 bits each), from 32 the smallest bytes, from 160 how much larger they may be; from 288 where the host and the
 * pid begin and end (16 bits each, nothing between them where there is none).
 */
export const ENVELOPES = 16_384
export const ENVELOPE_SIZE = 512
export const MOST_ENVELOPES = 64
export const LONGEST_ENVELOPE = 128
/** What a message comes after, at `ENVELOPE.after`. */
export const AFTER = { tag: 0, nothing: 1, stamp: 2, anyTag: 3 } as const
export const ENVELOPE = {
  length: 0,
  vectors: 4,
  after: 8,
  startCount: 12,
  starts: 16,
  base: 32,
  slack: 160,
  host: 288,
  pid: 292,
} as const
export const MOST_STARTS = 8

/** Begin and end of lines that were handed over, 32 bits each. */
export const HANDED = 65_536
export const MOST_HANDED = 32

/**
 * Blocks of 64 numbers of %lc: whose they are (the address of a record), which block (32 bits each), a bit for each
 * number that was met.
 */
export const BLOCKS = 66_048
export const BLOCK_SIZE = 16
export const MOST_BLOCKS = 4000
/** Bits of the largest number: HAProxy counts lines in 32. */
export const COUNTER_BITS = 32

export const INPUT = 131_072
export const INPUT_SIZE = 2 << 20
/** What may be read behind the last line, and is ignored. */
export const SLACK = 4096

export const RECORDS = INPUT + INPUT_SIZE + SLACK
/** A record: hash, size (32 bits each), sums (64 bits each), lengths of its keys, the keys. */
export const RECORD = {
  hash: 0,
  size: 4,
  requests: 8,
  bytesOut: 16,
  bytesIn: 24,
  abortedRequests: 32,
  abortedOut: 40,
  partialRequests: 48,
  partialOut: 56,
  /** Program, then lengths of the keys, 16 bits each. */
  lengths: 64,
  /** Each in whole vectors of 16 bytes, zeros behind it, at least one. */
  keys: 80,
} as const
export const MOST_KEYS = 7
export const LONGEST_KEY = 1024
export const LARGEST_RECORD = RECORD.keys + MOST_KEYS * (LONGEST_KEY + 16)

/** A record whose keys are host, pid and frontend: in place of sums it has the block that it is at, and its bits. */
export const OWNER = { program: 0xffff, block: 8, bits: 16 } as const

/** A slot: address of the record (0: none) and its hash. */
export const SLOT = 8
