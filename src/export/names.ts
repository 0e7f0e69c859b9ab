/** Keys for profiles and names for their secrets. Pure. */

/** Longest key that is made of a title, in characters: names of outputs and variables are made of it. */
const MAX_KEY = 60
/** Prefixes of variables that belong to GitHub, or that a manifest cannot read. */
const RESERVED = /^(GITHUB|INPUT|ACTIONS|RUNNER)_/

/** Returns a function that gives every name once: where one is taken, the next free number is appended. */
export function createNames(separator: string): (wanted: string) => string {
  const numbers = new Map<string, number>()
  return (wanted) => {
    let name = wanted
    for (let number = numbers.get(wanted) ?? 1; numbers.has(name); number += 1) {
      name = `${wanted}${separator}${number + 1}`
      numbers.set(wanted, number + 1)
    }
    numbers.set(name, 1)
    return name
  }
}

/** The key that a title makes: in kebab-case, with an underscore before a digit; `profile` where nothing is left of it. */
export function keyOf(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? ['profile']
  const key = words.join('-').slice(0, MAX_KEY).replace(/-$/, '')
  return /^\d/.test(key) ? `_${key}` : key
}

/** The environment variable for one secret of a profile, such as `ORDERS_SMS_HEADER_AUTHORIZATION`. */
export function variableOf(key: string, secret: string): string {
  const name = `${key}_${secret}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return RESERVED.test(name) ? `_${name}` : name
}
