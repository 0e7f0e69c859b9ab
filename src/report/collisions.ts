/** Outputs that hold masked text: the runner drops a job output with such text without saying whose it is. Pure. */

/**
 * One warning for each secret that stands in an output, naming the inputs and variables that hold it. `masksIn` finds the
 * texts that the runner masks; `env` is the step's environment, inputs included.
 */
export function collisions(
  outputs: ReadonlyMap<string, string>,
  masksIn: (text: string) => readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const found = [...outputs].flatMap(([name, value]) => masksIn(value).map((mask) => ({ name, mask })))
  const warnings = [...Map.groupBy(found, ({ mask }) => mask)].map(([mask, places]) => {
    const names = places.map(({ name }) => `\`${name}\``)
    const sources = Object.entries(env).filter(([, value]) => value?.includes(mask))
    const change = sources.map(([name]) => sourceName(name)).join(' or ') || 'the secret in the manifest'
    const what = names.length === 1 ? `The output ${names[0]} holds` : `The outputs ${names.join(', ')} hold`
    return `${what} text that is masked as a secret; GitHub drops a job output with such text. Change the value of ${change}`
  })
  return [...new Set(warnings)]
}

const sourceName = (variable: string): string =>
  variable.startsWith('INPUT_')
    ? `the input \`${variable.slice('INPUT_'.length).toLowerCase()}\``
    : `\`env.${variable}\``
