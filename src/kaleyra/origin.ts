/** API domain of each region (documentation; `sg` is its default). */
export const ORIGINS = {
  sg: 'https://api.kaleyra.io',
  in: 'https://api.in.kaleyra.io',
  eu: 'https://api.eu.kaleyra.io',
  na: 'https://api.na.kaleyra.ai',
} as const
export type Region = keyof typeof ORIGINS

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Checks an API address that replaces the region's: https, or http on a loopback address, and nothing but scheme, host
 * and port. Returns what is wrong, or null.
 */
export function originProblem(text: string): string | null {
  const expected = 'expected the address of the API domain alone, such as https://api.in.kaleyra.io'
  if (!URL.canParse(text)) return expected
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text)
  if (username !== '' || password !== '') return `${expected}, without credentials in it`
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    return `${expected}: only https (http only for a loopback address)`
  }
  return pathname === '/' && search === '' && hash === '' ? null : `${expected}, without a path`
}
