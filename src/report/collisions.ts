/** Outputs that hold masked text: the runner drops a job output with such text without saying whose it is. Pure. */

/**
 * One warning for each secret that stands in an output, naming the inputs and variables that hold it. `masks` are the
 * texts that the runner masks; `env` is the step's environment, inputs included.
 */
export function collisions(
  outputs: ReadonlyMap<string, string>,
  masks: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const warnings = masks.flatMap((mask) => {
    const names = [...outputs].filter(([, value]) => value.includes(mask)).map(([name]) => `\`${name}\``)
    if (names.length === 0) return []
    const sources = Object.entries(env).filter(([, value]) => value?.includes(mask))
    const change = sources.map(([name]) => sourceName(name)).join(' or ') || 'the secret in the manifest'
    const what = names.length === 1 ? `The output ${names[0]} holds` : `The outputs ${names.join(', ')} hold`
    return [
      `${what} text that is masked as a secret; GitHub drops a job output with such text. Change the value of ${change}`,
    ]
  })
  return [...new Set(warnings)]
}

const sourceName = (variable: string): string =>
  variable.startsWith('INPUT_')
    ? `the input \`${variable.slice('INPUT_'.length).toLowerCase()}\``
    : `\`env.${variable}\``
