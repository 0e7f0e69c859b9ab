/** Certificates for servers on loopback, made by hand: Node makes none. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface Certificate {
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
}

/** A certificate authority. */
export interface Authority {
  /** Its own certificate, as PEM: who trusts it trusts what it issues. */
  readonly cert: string
  /** Issues a certificate for hosts of these names. */
  issue(...names: string[]): Certificate
}

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  return Buffer.concat([
    Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]),
    body,
  ])
}
const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts)
const integer = (...bytes: number[]): Buffer => der(0x02, Buffer.from(bytes))
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes))
const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes)
const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
const nameOf = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))))
const extension = (id: Buffer, value: Uint8Array): Buffer => sequence(id, der(0x04, value))
const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const IS_AUTHORITY = extension(oid(0x55, 0x1d, 0x13), sequence(der(0x01, Buffer.from([0xff]))))
const hostsAre = (names: readonly string[]): Buffer =>
  extension(oid(0x55, 0x1d, 0x11), sequence(...names.map((name) => der(0x82, Buffer.from(name)))))
const DAY_MS = 86_400_000

export interface CertificateFacts {
  /** Days from now on which its validity starts and ends: from yesterday until tomorrow where left out. */
  readonly from?: number
  readonly until?: number
  /** Who has signed it, as it says. */
  readonly issuer?: string
}

interface Keys {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}
const createKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const asPem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }))

function certificate(
  subject: string,
  { publicKey }: Keys,
  { issuer = subject, from = -1, until = 1 }: CertificateFacts,
  { privateKey }: Keys,
  ...extensions: Buffer[]
): string {
  const now = Date.now()
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    integer(1, ...randomBytes(8)),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(utcTime(now + from * DAY_MS), utcTime(now + until * DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  )
  return pem(sequence(toBeSigned, ECDSA_WITH_SHA256, bits(sign('sha256', toBeSigned, privateKey))))
}

/** Makes a certificate that nobody but itself vouches for. */
export function selfSigned(name = 'localhost', facts: CertificateFacts = {}): Certificate {
  const keys = createKeys()
  return { key: asPem(keys.privateKey), cert: certificate(name, keys, facts, keys, hostsAre([name])) }
}

/** Makes an authority that nobody trusts yet. */
export function createAuthority(name = 'Authority of a test'): Authority {
  const own = createKeys()
  return {
    cert: certificate(name, own, {}, own, IS_AUTHORITY),
    issue: (...names) => {
      const keys = createKeys()
      const [subject = ''] = names
      return {
        key: asPem(keys.privateKey),
        cert: certificate(subject, keys, { issuer: name }, own, hostsAre(names)),
      }
    },
  }
}
