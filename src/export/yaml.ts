import { Document, type Scalar, type YAMLMap } from 'yaml'

/** An entry of `profiles`: what is written under its key, and what is to be known of it. */
export interface WrittenProfile {
  readonly fields: Readonly<Record<string, unknown>>
  readonly comments: readonly string[]
}

/**
 * Writes a manifest of profiles by key, with comments above the file and above each profile. Texts that an older YAML
 * would take for something else (`on`, `12:30`) are quoted too, since people read the file with other tools.
 */
export function manifestText(
  profiles: readonly (readonly [key: string, profile: WrittenProfile])[],
  comments: readonly string[],
): string {
  const fields = profiles.map(([key, profile]) => [key, profile.fields])
  const document = new Document(
    { version: 1, profiles: Object.fromEntries(fields) },
    { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false },
  )
  comment(document.contents, comments)
  const { items } = document.get('profiles') as YAMLMap<Scalar<string>>
  for (const [index, { key }] of items.entries()) {
    comment(key, profiles[index]?.[1].comments ?? [])
    key.spaceBefore = index > 0
  }
  return document.toString({ lineWidth: 0 })
}

function comment(node: { commentBefore?: string | null } | null, lines: readonly string[]): void {
  if (node !== null && lines.length > 0) node.commentBefore = lines.map((line) => ` ${line}`).join('\n')
}
