import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificate {
  readonly key: Buffer
  readonly cert: Buffer
}

/** A self-made certificate of example.com; `site.pem` in the folder is what HAProxy's `crt` wants. */
export function makeCertificate(folder: string): Certificate {
  const [key, cert] = [join(folder, 'site.key'), join(folder, 'site.crt')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const name = ['-subj', '/CN=example.com', '-addext', 'subjectAltName=DNS:example.com']
  execFileSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', cert], { stdio: 'pipe' })
  const made = { key: readFileSync(key), cert: readFileSync(cert) }
  writeFileSync(join(folder, 'site.pem'), Buffer.concat([made.cert, made.key]), { mode: 0o600 })
  return made
}
