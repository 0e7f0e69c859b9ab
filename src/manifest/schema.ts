/**
 * The rules of a manifest: the one source of validation, TypeScript types, JSON Schema and the manifest reference.
 *
 * Rules come from Kaleyra's documentation unless a comment says otherwise. Messages say what is expected; where a value
 * stands and what was found instead is added by `validate.ts`.
 */
import * as z from 'zod/mini'
import { urlProblem } from './url.ts'

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
export const ALGORITHMS = [
  'AES-128-CFB',
  'AES-192-CFB',
  'AES-256-CFB',
  'AES-128-GCM',
  'AES-192-GCM',
  'AES-256-GCM',
] as const
export const CHANNELS = ['sms', 'default', 'voice', 'email', 'whatsapp'] as const
export const SMS_EVENTS = ['SMS-sent'] as const

/** Fields of a profile that Kaleyra stores, spelt as its API spells them. */
export const API_FIELDS = [
  'title',
  'http_method',
  'url',
  'body',
  'response_message',
  'headers',
  'enc',
  'channel',
  'events',
] as const
export type ApiField = (typeof API_FIELDS)[number]

/** What may be a profile's key. Ours: it names an output. */
export const KEY_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]*$/
export const KEY_RULE =
  'expected a key of letters, digits, hyphens and underscores, first a letter or an underscore'

const TITLE_PATTERN = /^[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*$/
const PREFIX_PATTERN = /^[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)* ?$/
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: a header value must not hold one
const HEADER_VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/
const ID_PATTERN = /^(?!\.{1,2}$)[^\s/?#\\]+$/

const listed = (names: readonly string[]): string => names.join(', ')

/** Says what a value is called, means and looks like: for the JSON Schema and the manifest reference. */
const documented = <Schema extends z.core.$ZodType>(schema: Schema, facts: z.core.GlobalMeta): Schema => {
  z.globalRegistry.add(schema, facts)
  return schema
}

const enc = documented(
  z.strictObject(
    {
      algo: documented(z.enum(ALGORITHMS, { error: `expected one of ${listed(ALGORITHMS)}` }), {
        title: 'Algorithm',
        description: 'Cipher and mode.',
        examples: ['AES-256-GCM'],
      }),
      key: documented(z.string({ error: 'expected the encryption key as text' }), {
        title: 'Encryption key',
        description: '16, 24 or 32 characters for AES-128, AES-192 or AES-256. Take it from a secret.',
        examples: ['${{ env.CB_KEY }}'],
      }),
      IV: documented(z.string({ error: 'expected the initialisation vector as text' }), {
        title: 'Initialisation vector',
        description: '16 characters. Take it from a secret.',
        examples: ['${{ env.CB_IV }}'],
      }),
      params: documented(z.optional(z.unknown()), {
        title: 'Parameters',
        description: 'Optional and undocumented; passed on as it is.',
      }),
    },
    { error: 'expected an object with `algo`, `key` and `IV`' },
  ),
  {
    title: 'Payload encryption',
    description: 'Encrypts the callback payload. `null` means: no encryption.',
    examples: [{ algo: 'AES-256-GCM', key: '${{ env.CB_KEY }}', IV: '${{ env.CB_IV }}' }],
  },
)

const fields = {
  title: documented(
    z.string({ error: 'expected a title: text of 3 or more characters' }).check(
      z.minLength(3, { error: 'expected 3 or more characters' }),
      z.regex(TITLE_PATTERN, {
        error:
          'expected letters, digits, hyphens, underscores and single spaces, with no space at either end',
      }),
    ),
    {
      title: 'Title',
      description:
        'Name of the profile on the account, by which it is found. 3 or more letters, digits, hyphens, underscores and single spaces; unique in the manifest, ignoring case.',
      examples: ['GH Orders SMS'],
    },
  ),
  http_method: documented(z.enum(HTTP_METHODS, { error: `expected one of ${listed(HTTP_METHODS)}` }), {
    title: 'HTTP method',
    description: 'Method of the request that Kaleyra sends to `url`.',
    examples: ['POST'],
  }),
  url: documented(
    z.string({ error: 'expected an http or https URL as text' }).check(
      z.superRefine((value, context) => {
        const problem = urlProblem(value)
        if (problem !== null) context.addIssue({ code: 'custom', message: problem })
      }),
    ),
    {
      title: 'URL',
      description:
        'Address that Kaleyra calls, http or https, reachable from the internet. May hold `<variable>` placeholders; with GET and DELETE this is how data travels.',
      examples: ['https://hooks.example.com/kaleyra/sms', 'https://hooks.example.com/a?to=<mobile>'],
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://',
    },
  ),
  body: documented(z.nullable(z.record(z.string(), z.unknown(), { error: 'expected an object' })), {
    title: 'Body',
    description:
      'Payload template of the callback, a JSON object of any shape whose values may hold `<variable>` placeholders. Required for POST and PUT. Compared whole.',
    examples: [{ id: '<id>', status: '<status>' }],
  }),
  response_message: documented(z.nullable(z.string({ error: 'expected text' })), {
    title: 'Response message',
    description: 'Answer to the sender, for chatbots only; may hold replacers.',
    examples: ['Thank you for your message'],
  }),
  headers: documented(
    z.nullable(
      z.record(
        z
          .string()
          .check(z.regex(HEADER_NAME, { error: 'expected a header name: letters, digits and hyphens' })),
        z
          .string({ error: 'expected text: put the value in quotes' })
          .check(z.regex(HEADER_VALUE, { error: 'expected text without line breaks or control characters' })),
        { error: 'expected an object of header names and values' },
      ),
    ),
    {
      title: 'Headers',
      description:
        'Headers that Kaleyra adds to the callback request. Values are treated as secrets. Compared whole.',
      examples: [{ authorization: 'Bearer ${{ env.HOOK_TOKEN }}' }],
    },
  ),
  enc: z.nullable(enc),
  channel: documented(z.nullable(z.string({ error: `expected one of ${listed(CHANNELS)}` })), {
    title: 'Channel',
    description:
      '`sms`, or left out for everything that is not SMS. Other names are passed on with a warning. The channel of an existing profile cannot change.',
    examples: ['sms', 'default', 'voice', 'email', 'whatsapp'],
  }),
  events: documented(
    z.nullable(
      z.union(
        [
          z.string(),
          z.array(
            documented(z.string({ error: 'expected an event name as text' }), { examples: [...SMS_EVENTS] }),
          ),
        ],
        { error: 'expected a list of event names' },
      ),
    ),
    {
      title: 'Events',
      description: 'Events that trigger the callback: `[SMS-sent]` for channel `sms`, else left out.',
      examples: [['SMS-sent']],
    },
  ),
}

const management = {
  id: documented(
    z
      .string({ error: 'expected a profile id as text' })
      .check(z.regex(ID_PATTERN, { error: 'expected a profile id' })),
    {
      title: 'Profile id',
      description: 'Pins the entry to this profile of the account, whatever its title is.',
      examples: ['SG_0f8fad5b-d9cb-469f-a165-70867728950e'],
    },
  ),
  previous_titles: documented(
    z.nullable(
      z.array(
        z.string({ error: 'expected a title as text' }).check(z.minLength(1, { error: 'expected a title' })),
        { error: 'expected a list of titles' },
      ),
    ),
    {
      title: 'Previous titles',
      description: 'Titles that this profile had before: it is renamed in place and keeps its id.',
      examples: [['GH Billing']],
    },
  ),
  state: documented(z.enum(['present', 'absent'], { error: 'expected `present` or `absent`' }), {
    title: 'State',
    description: '`absent` deletes the profile where it exists.',
    default: 'present',
  }),
}

/**
 * One profile after `defaults` were merged and empty values made `null`: the rules of each field. What fields say of each
 * other is in `rules.ts`.
 */
export const profileSchema = documented(z.partial(z.strictObject({ ...management, ...fields })), {
  title: 'Profile',
  description: 'One callback profile.',
})

/** A declared profile as its author means it: API field names, a field that is `undefined` is not managed. */
export type Declared = z.output<typeof profileSchema>

const { title: _, ...withoutTitle } = fields
const defaults = z.strictObject(withoutTitle, { error: 'expected an object with fields of a profile' })

const prune = z.strictObject(
  {
    title_prefix: documented(
      z.string({ error: 'expected the start of a title as text' }).check(
        z.minLength(3, { error: 'expected 3 or more characters' }),
        z.regex(PREFIX_PATTERN, {
          error:
            'expected letters, digits, hyphens, underscores and single spaces, with no space at the start',
        }),
      ),
      {
        title: 'Title prefix',
        description: 'Profiles whose title starts with this and that are not declared are to be deleted.',
        examples: ['GH '],
      },
    ),
  },
  { error: 'expected an object with `title_prefix`' },
)

/** The file around the profiles. Profiles are checked one by one with {@link profileSchema}, after merging. */
export const manifestSchema = documented(
  z.strictObject({
    $schema: documented(z.optional(z.string({ error: 'expected the address of a schema as text' })), {
      title: 'Schema',
      description: 'Where an editor finds the rules of a manifest in JSON. Not used otherwise.',
    }),
    version: documented(z.optional(z.literal(1, { error: 'expected 1' })), {
      title: 'Version',
      description: 'Version of the manifest format: 1. May be left out.',
    }),
    defaults: documented(z.optional(z.nullable(z.partial(defaults))), {
      title: 'Defaults',
      description: 'Merged under every profile of this file; `headers` merge by name.',
    }),
    prune: documented(z.optional(z.nullable(prune)), {
      title: 'Prune',
      description: 'Deletes undeclared profiles of a title prefix; needs `allow-delete`.',
    }),
    profiles: documented(
      z.nullable(
        z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())], {
          error: 'expected profiles by key, or a list of profiles',
        }),
      ),
      {
        title: 'Profiles',
        description:
          'Profiles by key, or a list of them (the key is then the title in kebab-case). The key names the output `profile-id-<key>`.',
      },
    ),
  }),
  { title: 'Callback profiles', description: 'Callback profiles of a Kaleyra account.' },
)

/** Names that may stand in each object of a manifest. */
export const KNOWN_NAMES: Readonly<
  Record<'manifest' | 'profile' | 'defaults' | 'prune' | 'enc', readonly string[]>
> = {
  manifest: Object.keys(manifestSchema.shape),
  profile: [...Object.keys(management), ...API_FIELDS],
  defaults: API_FIELDS.filter((name) => name !== 'title'),
  prune: ['title_prefix'],
  enc: ['algo', 'key', 'IV', 'params'],
}
