// The manifest, parsed and no more, with the settings that this action parses it with.
import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

const document = parseDocument(readFileSync(process.env.BENCH_MANIFEST, 'utf8'), {
  prettyErrors: false,
  schema: 'core',
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
})
console.log(document.contents.items.length)
