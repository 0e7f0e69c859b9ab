/**
 * The JSON Schema of a manifest, made from the rules that validate it. Editors complete, explain and check with it, so
 * every field is one flat schema: where there are alternatives they offer those of the wrong one, or none.
 */
import * as z from 'zod/mini'
import { KEY_PATTERN, KEY_RULE, KNOWN_NAMES, manifestSchema, profileSchema } from '../src/manifest/schema.ts'

/** A JSON Schema: the keywords that are used here by name. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly [keyword: string]: unknown
}

/** A text with an expression in it: only a run knows its value. */
const EXPRESSION = '\\$\\{\\{'

/**
 * Builds the schema: a manifest in map or list form, or a single profile. Wherever a value stands, an expression may. An
 * empty value is that of the field's own type, or null: of the others that mean the same, an editor says that they are wrong.
 */
export function jsonSchema(): Schema {
  const { title, description, ...manifest } = rulesOf(manifestSchema)
  const { defaults = {}, prune = {}, profiles = {} } = manifest.properties ?? {}
  const { items, ...map } = flat(profiles)
  const profile = { $ref: '#/$defs/profile' }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    description,
    // What is empty yet is going to be a manifest.
    if: {
      type: 'object',
      anyOf: KNOWN_NAMES.profile.map(required),
      not: { anyOf: KNOWN_NAMES.manifest.map(required) },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: profile,
    else: {
      ...manifest,
      properties: {
        ...manifest.properties,
        defaults: withFields(flat(defaults)),
        prune: orExpression(flat(prune)),
        profiles: {
          ...map,
          propertyNames: { pattern: KEY_PATTERN.source, patternErrorMessage: KEY_RULE },
          additionalProperties: profile,
          // Apart from the rest, so that the map is what editors offer first.
          allOf: [{ items: profile }],
        },
      },
    },
    $defs: { profile: { ...withFields(rulesOf(profileSchema)), anyOf: [required('title'), required('id')] } },
  }
}

const required = (name: string): Schema => ({ required: [name] })

/** The rules in the words of JSON Schema, with the words of this action for what breaks them. */
function rulesOf(rules: z.ZodMiniType): Schema {
  const { $schema, $defs, ...schema } = z.toJSONSchema(rules, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const { error, checks } = zodSchema._zod.def
      const pattern = checks?.find(({ _zod }) => 'pattern' in _zod.def)
      const messages = { errorMessage: error, patternErrorMessage: pattern?._zod.def.error }
      for (const [keyword, message] of Object.entries(messages))
        if (message !== undefined) jsonSchema[keyword] = (message as () => unknown)()
    },
  })
  return schema as Schema
}

/** One schema of alternatives that differ in type: every keyword but `type` speaks of one type alone. */
function flat({ anyOf, ...schema }: Schema): Schema {
  if (anyOf === undefined) return schema
  const alternatives = anyOf.map(flat)
  return {
    ...Object.assign({}, ...alternatives),
    ...schema,
    type: alternatives.flatMap(({ type = [] }) => type),
  }
}

/** Lets the fields of a profile be expressions, and those that are objects be empty. */
function withFields(schema: Schema): Schema {
  const open = (field: Schema): Schema => {
    const { required, ...opened } = orExpression(flat(field))
    return required === undefined ? opened : { ...opened, anyOf: [{ required }, { maxProperties: 0 }] }
  }
  return { ...schema, ...messageOf(schema), properties: mapped(schema.properties ?? {}, open) }
}

/** Lets a value, and each value in it, be a text with an expression. */
function orExpression(field: Schema): Schema {
  const { enum: values, pattern, ...rest } = field
  const { properties, additionalProperties, items, errorMessage } = field
  const schema = {
    ...rest,
    ...messageOf(field),
    ...(properties && { properties: mapped(properties, orExpression) }),
    ...(additionalProperties && { additionalProperties: orExpression(additionalProperties) }),
    ...(items && { items: orExpression(items) }),
  }
  const types = [schema.type ?? []].flat()
  if (values !== undefined) return { ...schema, anyOf: [{ enum: values }, { pattern: EXPRESSION }] }
  if (types.length === 0) return schema
  if (!types.includes('string'))
    return { ...schema, type: [...types, 'string'], pattern: EXPRESSION, patternErrorMessage: errorMessage }
  return pattern === undefined ? schema : { ...schema, pattern: `${EXPRESSION}|${pattern}` }
}

/** The message of a schema; none of an object with fields, of which editors would say it in place of an unknown name. */
const messageOf = ({ additionalProperties, errorMessage }: Schema): Schema => ({
  errorMessage: additionalProperties === false ? undefined : errorMessage,
})

const mapped = (
  schemas: Readonly<Record<string, Schema>>,
  change: (schema: Schema) => Schema,
): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]))
