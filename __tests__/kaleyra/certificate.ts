import { generateKeyPairSync, sign } from 'node:crypto'

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  return Buffer.concat([
    Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]),
    body,
  ])
}
const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts)
const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`

const COMMON_NAME = Buffer.from([0x55, 0x04, 0x03])
const ECDSA_WITH_SHA256 = Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])
const DAY_MS = 86_400_000

export interface CertificateFacts {
  /** Days from now on which its validity starts and ends. */
  readonly from?: number
  readonly until?: number
  /** Who has signed it, as it says: itself where left out. */
  readonly issuer?: string
}

const common = (name: string): Buffer =>
  sequence(der(0x31, sequence(der(0x06, COMMON_NAME), der(0x0c, Buffer.from(name)))))

/** Makes a certificate that nobody but itself vouches for, valid from yesterday until tomorrow unless these facts say otherwise. */
export function selfSigned(
  name = 'localhost',
  { from = -1, until = 1, issuer = name }: CertificateFacts = {},
): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(der(0x06, ECDSA_WITH_SHA256))
  const now = Date.now()
  const toBeSigned = sequence(
    der(0x02, Buffer.from([1])),
    algorithm,
    common(issuer),
    sequence(utcTime(now + from * DAY_MS), utcTime(now + until * DAY_MS)),
    common(name),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const cert = sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature))
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert: pem(cert) }
}
