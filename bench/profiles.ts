/** What the benchmarks declare and what the account holds: profiles of the size that people write. */

/** A profile as its body is posted and as the manifest declares it. */
export interface BenchProfile {
  readonly title: string
  readonly http_method: string
  readonly url: string
  readonly body: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** The profile of a number, from 0. */
export const profileOf = (index: number): BenchProfile => ({
  title: `Bench ${String(index).padStart(5, '0')}`,
  http_method: 'POST',
  url: `https://hooks.example.com/kaleyra/${index}`,
  body: { id: '<id>', status: '<status>' },
  headers: { 'x-source': `bench ${index}` },
})

/** Id of the profile that an account got as its first, second, … */
export const idOf = (index: number): string => `BENCH_${String(index).padStart(8, '0')}`

export const profiles = (count: number): BenchProfile[] =>
  Array.from({ length: count }, (_, index) => profileOf(index))

/** A manifest of so many profiles, as people write it. */
export function manifestOf(count: number): string {
  const entries = profiles(count).map(
    ({ title, http_method, url, body, headers }, index) => `  bench-${index}:
    title: ${title}
    http_method: ${http_method}
    url: ${url}
    headers: { x-source: "${headers['x-source']}" }
    body: { ${Object.entries(body)
      .map(([name, value]) => `${name}: "${value}"`)
      .join(', ')} }
`,
  )
  return `version: 1\nprofiles:\n${entries.join('')}`
}
