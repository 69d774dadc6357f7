import type { LuksHeader } from '../format/index.ts'

/** Sectors before which no key material and no payload lie: the header itself fills 4096 bytes. */
const FIRST_SECTOR = 8
const STRIPES = 4000

/** What makes QEMU refuse a LUKS1 header before it tries a key, and how it words it. */
export function luksFault(luks: LuksHeader): { readonly why: string; readonly message: string } | undefined {
  const as = (message: string, why = message) => ({ why, message })
  if (!luks.magic) return as('Volume is not in LUKS format', 'its magic is gone')
  if (luks.version !== 1) return as(`LUKS version ${luks.version} is not supported`)
  if (!luks.namesEnd) return as('is not NUL terminated', 'a name of its cipher has no end')
  if (luks.payloadSector < FIRST_SECTOR) return as('LUKS payload is overlapping with the header')
  if (luks.iterations === 0) return as('LUKS key iteration count is zero')
  const sectors = Math.ceil((luks.keyBytes * STRIPES) / 512)
  for (const [index, slot] of luks.slots.entries()) {
    const start = slot.keyMaterialSector
    if (slot.state === 'invalid') return as(`Keyslot ${index} state (active/disable) is corrupted`)
    if (slot.stripes !== STRIPES)
      return as(`Keyslot ${index} is corrupted (stripes ${slot.stripes} != ${STRIPES})`)
    if (start < FIRST_SECTOR) return as(`Keyslot ${index} is overlapping with the LUKS header`)
    if (slot.state === 'active' && slot.iterations === 0)
      return as(`Keyslot ${index} iteration count is zero`)
    if (start + sectors > luks.payloadSector)
      return as(`Keyslot ${index} is overlapping with the encrypted payload`)
    const other = luks.slots.findIndex(
      ({ keyMaterialSector: its }, at) => at > index && its < start + sectors && start < its + sectors,
    )
    if (other >= 0) return as(`Keyslots ${index} and ${other} are overlapping in the header`)
  }
  const message = cipherFault(luks)
  return message === undefined ? undefined : as(message)
}

/** Sizes of keys, bytes; a key for XTS is two of them. */
const KEY_SIZES: Readonly<Record<string, readonly number[]>> = {
  aes: [16, 24, 32],
  serpent: [16, 24, 32],
  twofish: [16, 24, 32],
  cast5: [16],
}
const MODES = ['ecb', 'cbc', 'xts', 'ctr']
const GENERATORS = ['plain', 'plain64', 'essiv']
const HASHES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160']

/** The mode is written `cbc-essiv:sha256`: mode, generator of initialisation vectors, its hash. */
function cipherFault({ cipherName, cipherMode, hash, keyBytes }: LuksHeader): string | undefined {
  const [mode = '', rest] = cipherMode.split(/-(.*)/s)
  if (rest === undefined) return `Unexpected cipher mode string format '${cipherMode}'`
  const [generator = '', generatorHash] = rest.split(/:(.*)/s)
  if (!MODES.includes(mode)) return `Cipher mode '${mode}' not supported`
  const keySize = mode === 'xts' ? Math.floor(keyBytes / 2) : keyBytes
  if (!KEY_SIZES[cipherName]?.includes(keySize))
    return `Algorithm '${cipherName}' with key size ${keySize} bytes not supported`
  if (!HASHES.includes(hash)) return `Hash algorithm '${hash}' not supported`
  if (!GENERATORS.includes(generator)) return `IV generator '${generator}' not supported`
  if (generator !== 'essiv') return undefined
  if (generatorHash === undefined) return 'Missing IV generator hash specification'
  return HASHES.includes(generatorHash) ? undefined : `Hash algorithm '${generatorHash}' not supported`
}
