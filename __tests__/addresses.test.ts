import { expect, test } from 'vitest'
import { unreachableAddress, unreachableHost } from '../src/addresses.ts'

test.each<[kind: string, addresses: string[]]>([
  ['an unspecified address', ['0.0.0.0', '0.255.255.255', '::', '::ffff:0.0.0.0']],
  ['a loopback address', ['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1']],
  ['a private address', ['10.0.0.0', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fec0::1', 'feff::1']],
  ['a unique local address', ['fc00::', 'fd12:3456:789a::1', 'fdff::1']],
  ['a link-local address', ['169.254.169.254', 'fe80::1', 'febf::1', '::ffff:169.254.0.1']],
  ["an address of a carrier's own network", ['100.64.0.0', '100.127.255.255']],
  ['an address for documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
  ['an address for benchmarks', ['198.18.0.1', '198.19.255.255', '2001:2::1']],
  ['a multicast address', ['224.0.0.1', '239.255.255.255', 'ff02::1']],
  [
    'a reserved address',
    ['192.0.0.8', '255.255.255.255', '::127.0.0.1', '64:ff9b:1::1', '100::1', '5f00::1'],
  ],
])('is unreachable: %s', (kind, addresses) => {
  for (const address of addresses) {
    expect(unreachableAddress(address), address).toBe(kind)
    expect(unreachableHost(address), address).toBe(kind)
  }
})

test.each([
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:4860:4860::8888',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
])('%s is an address of the internet', (address) => {
  expect(unreachableAddress(address)).toBeNull()
  expect(unreachableHost(address)).toBeNull()
})

test.each([
  ['localhost', 'a name of the machine itself'],
  ['api.localhost', 'a name of the machine itself'],
  ['printer.local', 'a name of a local network'],
  ['metadata.google.internal', 'a name of a private network'],
])('%s is %s', (host, kind) => {
  expect(unreachableHost(host)).toBe(kind)
})

test.each([
  'hooks.example.com',
  'localhost.example.com',
  'notlocalhost',
  'my-local',
  'internal.example.com',
  '127.0.0.1.example.com',
  'constructor',
  '',
  '.',
])('%j may be a name of the internet', (host) => {
  expect(unreachableHost(host)).toBeNull()
})
