/** The JSON Schema of a manifest, made from the rules that validate it. */
import * as z from 'zod/mini'
import { manifestSchema, profileSchema } from '../src/manifest/schema.ts'

type Schema = { [name: string]: unknown }

const EXPRESSION: Schema = { type: 'string', pattern: '\\$\\{\\{', title: 'Expression' }
const ANNOTATIONS = ['title', 'description', 'examples', 'default']

/** Builds the schema: a manifest in map or list form, or a single profile. Wherever a value stands, an expression may. */
export function jsonSchema(): Schema {
  const profile = withExpressions(plain(z.toJSONSchema(profileSchema, { io: 'input' }) as Schema))
  const manifest = plain(z.toJSONSchema(manifestSchema, { io: 'input' }) as Schema)
  const { profiles, defaults, ...others } = manifest.properties as Record<string, Schema>
  const { title, description } = profiles as Schema
  const reference = { $ref: '#/$defs/profile' }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: manifest.title,
    description: manifest.description,
    if: {
      type: 'object',
      anyOf: ['profiles', 'version', 'defaults', 'prune'].map((name) => ({ required: [name] })),
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      type: 'object',
      properties: {
        ...others,
        defaults: {
          title: defaults?.title,
          description: defaults?.description,
          type: ['object', 'null'],
          properties: withExpressions(objectPart(defaults as Schema)).properties,
          additionalProperties: false,
        },
        profiles: {
          title,
          description,
          type: ['object', 'array', 'null'],
          propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$' },
          additionalProperties: reference,
          items: reference,
        },
      },
      required: ['profiles'],
      additionalProperties: false,
    },
    else: reference,
    $defs: { profile: { ...profile, anyOf: [{ required: ['title'] }, { required: ['id'] }] } },
  }
}

/** The object among the alternatives of a nullable one. */
const objectPart = (schema: Schema): Schema =>
  ((schema.anyOf as Schema[] | undefined)?.find(({ type }) => type === 'object') ?? schema) as Schema

/** Drops what only the generator needs, and opens the JSON values of a body, whose recursion says nothing. */
function plain(schema: Schema): Schema {
  const text = JSON.stringify(schema, (name, value) =>
    name === '$schema' || name === '$defs' ? undefined : value,
  )
  return JSON.parse(text.replace(/\{"\$ref":"#\/\$defs\/__schema\d+"\}/g, '{}')) as Schema
}

/** Lets every property of an object, and every value of its maps, be an expression too. */
function withExpressions(schema: Schema): Schema {
  const properties = Object.entries((schema.properties as Record<string, Schema> | undefined) ?? {})
  if (properties.length === 0) return schema
  return {
    ...schema,
    properties: Object.fromEntries(properties.map(([name, value]) => [name, orExpression(value)])),
  }
}

function orExpression(property: Schema): Schema {
  const schema = annotated(property)
  const annotations = Object.fromEntries(
    Object.entries(schema).filter(([name]) => ANNOTATIONS.includes(name)),
  )
  const rules = Object.fromEntries(Object.entries(schema).filter(([name]) => !ANNOTATIONS.includes(name)))
  const alternatives = (rules.anyOf as Schema[] | undefined) ?? [rules]
  const opened = alternatives.map((alternative) => {
    const values = alternative.additionalProperties
    const map = typeof values === 'object' && values !== null && 'pattern' in values
    return withExpressions(
      map ? { ...alternative, additionalProperties: { anyOf: [values, EXPRESSION] } } : alternative,
    )
  })
  const empty = alternatives.some(({ required }) => required !== undefined)
    ? [{ type: 'object', maxProperties: 0 }]
    : []
  return { ...annotations, anyOf: [...opened, ...empty, EXPRESSION] }
}

/** A property whose title and description stand at its only described alternative (`enc` or null) gets them itself. */
function annotated(schema: Schema): Schema {
  const described = (schema.anyOf as Schema[] | undefined)?.find(({ title }) => title !== undefined)
  if (described === undefined || schema.title !== undefined) return schema
  const lifted = Object.entries(described).filter(([name]) => ANNOTATIONS.includes(name))
  const bare = Object.entries(described).filter(([name]) => !ANNOTATIONS.includes(name))
  const anyOf = (schema.anyOf as Schema[]).map((part) =>
    part === described ? Object.fromEntries(bare) : part,
  )
  return { ...schema, ...Object.fromEntries(lifted), anyOf }
}
