import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { certificateFingerprint, type Fingerprint } from '../net/fingerprint.ts'
import { ServeError } from './serve-error.ts'

/** The server's key, its certificate (chain), both in PEM, and what clients pin. */
export type Identity = Readonly<{ key: string; cert: string; fingerprint: Fingerprint }>

export type TlsFiles = Readonly<{ cert: string; key: string }>

/** Key and certificate lie in one file, so that they cannot be of two makings. */
const FILE = 'tls.pem'
/** Clients pin the key: a certificate that ends would only be one more thing to fail. */
const LIFE_YEARS = 100

/**
 * The operator's own files, or the key that the folder keeps; it is made at the first start. Only
 * for who has locked the folder: two at once would make two keys, and one of them would be lost.
 */
export function loadIdentity(folder: string, files: TlsFiles | undefined): Promise<Identity> {
  return files === undefined ? keptIdentity(join(folder, FILE)) : givenIdentity(files)
}

async function givenIdentity(files: TlsFiles): Promise<Identity> {
  const cert = await readPem(files.cert, 'certificate')
  const key = await readPem(files.key, 'private key')
  return identityOf(cert, files.cert, key, files.key)
}

async function keptIdentity(path: string): Promise<Identity> {
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new ServeError(`cannot read the server's key ${path}: ${reason(error)}`)
  })
  if (pem !== undefined) return sound(() => identityOf(pem, path, pem, path))
  const made = await selfSigned()
  await writeSecret(path, made)
  return identityOf(made, path, made, path)
}

/** @throws ServeError that also says how to go on */
function sound(read: () => Identity): Identity {
  try {
    return read()
  } catch (error) {
    const how =
      'restore it from a backup, or move it away for a new key, which all clients will be asked about'
    throw new ServeError(`${reason(error)}; ${how}`)
  }
}

async function readPem(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ServeError(`cannot read the ${what} ${path}: ${reason(error)}`)
  }
}

function identityOf(cert: string, certPath: string, key: string, keyPath: string): Identity {
  const certificate = parsed(certPath, 'a certificate in PEM', () => new X509Certificate(cert))
  const privateKey = parsed(keyPath, 'a private key in PEM, without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ServeError(
      `the private key in ${keyPath} is not the one of the certificate in ${certPath}`,
    )
  }
  parsed(certPath, 'a certificate that TLS accepts', () => createSecureContext({ cert, key }))
  return { cert, key, fingerprint: certificateFingerprint(certificate) }
}

function parsed<T>(path: string, right: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new ServeError(`${path} should hold ${right}: ${reason(error)}`)
  }
}

/** ECDSA P-256: known to every TLS library. The X.509 library is loaded only here. */
async function selfSigned(): Promise<string> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notBefore = new Date('2020-01-01T00:00:00Z')
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notBefore.getUTCFullYear() + LIFE_YEARS)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=tchat',
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
    ],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })
  return `${key}${certificate.toString('pem')}\n`
}

/** Whole or not at all, readable by the owner only; on disk when it is done. */
async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await write(temporary, text)
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw new ServeError(`cannot write the server's key ${path}: ${reason(error)}`)
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
