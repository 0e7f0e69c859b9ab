/** Planning cannot write: by type, and by what it sends. */
import { expect, test } from 'vitest'
import type { SandboxOverrides } from '../../sandbox/server.ts'
import { createReader, type Reader } from '../../src/kaleyra/client.ts'
import type { Directory } from '../../src/kaleyra/directory.ts'
import type { Envelope } from '../../src/kaleyra/wire.ts'
import type { WriteContext } from '../../src/reconcile/context.ts'
import { type ObserveContext, observe } from '../../src/reconcile/observe.ts'
import { act } from '../action.ts'
import { openSandbox } from './accounts.ts'

test('what planning is given has no method that writes', () => {
  const answer: Envelope = { code: '', message: '', data: [], issues: [], status: 200, rest: {}, size: 0 }
  const reader: Reader = createReader(async () => answer)
  expect(Object.keys(reader).toSorted()).toEqual(['get', 'list'])

  const attempts = (context: ObserveContext, directory: Directory): unknown[] => [
    // @ts-expect-error a reader cannot create
    context.reader.create,
    // @ts-expect-error a reader cannot update
    context.reader.update,
    // @ts-expect-error a reader cannot delete
    context.reader.remove,
    // @ts-expect-error planning is given no writer
    context.writer,
    // @ts-expect-error a directory cannot write either
    directory.create,
  ]
  expect(attempts).toBeTypeOf('function')

  // @ts-expect-error what reads is not enough to apply a plan
  const writing = (context: ObserveContext): WriteContext => context
  expect([observe, writing]).toHaveLength(2)
})

test.each<[string, SandboxOverrides]>([
  ['whole items', {}],
  ['summaries without a filter', { list: { items: 'summary', filter: 'ignored', maxLimit: 2 } }],
  ['ids alone', { list: { items: 'untitled' } }],
])('a plan of every verb sends nothing but GET, on a list of %s', async (_, overrides) => {
  const sandbox = await openSandbox(overrides)
  const needed = { http_method: 'GET', url: 'https://hooks.example.com/a' }
  for (const title of ['GH Update', 'GH Old', 'GH Replace', 'GH Delete', 'GH Same', 'GH Prune'])
    sandbox.store.seed({ ...needed, title })
  sandbox.store.seed({ ...needed, title: 'GH Same__replaced' })
  sandbox.requests.length = 0
  const acted = await act({
    sandbox,
    profiles: {
      prune: { title_prefix: 'GH ' },
      profiles: {
        create: { ...needed, title: 'GH Create' },
        update: { ...needed, title: 'GH Update', url: 'https://hooks.example.com/b' },
        rename: { ...needed, title: 'GH New', previous_titles: ['GH Old'] },
        replace: { ...needed, title: 'GH Replace', channel: 'sms' },
        delete: { title: 'GH Delete', state: 'absent' },
        same: { ...needed, title: 'GH Same' },
      },
    },
    inputs: { mode: 'plan', 'allow-delete': 'true', 'rewrite-secrets': 'true' },
  })
  expect(acted.outputs).toMatchObject({
    created: '1',
    updated: '2',
    replaced: '1',
    deleted: '3',
    unchanged: '1',
    changed: 'false',
    'has-changes': 'true',
  })
  expect(new Set(sandbox.requests.map(({ method }) => method))).toEqual(new Set(['GET']))
})
