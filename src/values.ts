import type { Path } from './manifest/problem.ts'

/** Deepest nesting of objects and lists in a manifest. */
export const MAX_DEPTH = 100

/** Tells whether a value is an object and no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path, or undefined where there is none. Inherited properties do not count. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    value,
  )
}

/** A text of a URL as it is meant; one that is not encoded as a URL wants stays as it is. */
export function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
