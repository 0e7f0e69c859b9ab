import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Command, parseCommand } from '../../sandbox/command-line.ts'
import { completeOptions, NORMALISERS } from '../../sandbox/options.ts'

const MAIN = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url))

function start(...args: string[]): Extract<Command, { kind: 'start' }> {
  const command = parseCommand(args)
  if (command.kind !== 'start') throw new Error(command.text)
  return command
}

test('without switches every option has its default, and the port is one that stays the same', () => {
  const { options, faults, seed } = start()
  const { normalise, clock, ...plain } = completeOptions({ port: 8787 })
  expect(options).toMatchObject(plain)
  expect([faults, seed]).toEqual([[], 0])
})

test.each<[string, object]>([
  ['--port 0 --sid HX1 --api-key k --id-prefix IN_', { port: 0, sid: 'HX1', apiKey: 'k', idPrefix: 'IN_' }],
  ['--latency 50 --mask', { latency: 50, mask: true }],
  [
    '--list-shape rows --list-total count',
    { list: { shape: { under: 'rows' }, total: { name: 'count', where: 'data' } } },
  ],
  ['--list-total count@envelope', { list: { shape: 'array', total: { name: 'count', where: 'envelope' } } }],
  ['--list-items summary --order newest', { list: { items: 'summary', order: 'newest' } }],
  ['--filter ignored --filter-case insensitive', { list: { filter: 'ignored', filterCase: 'insensitive' } }],
  [
    '--list-total count@envelope --list-total-counts page',
    { list: { total: { name: 'count', where: 'envelope', counts: 'page' } } },
  ],
  ['--list-items untitled --list-nothing not-found', { list: { items: 'untitled', nothing: 'not-found' } }],
  ['--offset page --max-limit 25', { list: { offset: 'page', maxLimit: 25 } }],
  ['--limit refuse', { list: { limit: 'refuse' } }],
  ['--patch ignore --patch-answer empty', { patch: { undocumented: 'ignore', answer: 'empty' } }],
  ['--normalise trim-url-slash', { normalise: NORMALISERS['trim-url-slash'] }],
  [
    '--titles reject-duplicates --duplicate-status 400',
    { titles: 'reject-duplicates', duplicateStatus: 400 },
  ],
  ['--get-lacks channel,events --absent empty', { getLacks: ['channel', 'events'], absent: 'empty' }],
  ['--nulls take --body-for every-method', { nulls: 'take', bodyFor: 'every-method' }],
  ['--channels documented', { channels: 'documented' }],
])('%s', (line, options) => {
  expect(start(...line.split(' ')).options).toMatchObject(options)
})

test('faults are given as JSON, more than one if need be', () => {
  const reset = { on: { method: 'POST' }, when: 'after', what: { kind: 'reset' } }
  const junk = { on: {}, when: 'before', what: { kind: 'junk' } }
  const { faults, seed } = start(
    '--fault',
    JSON.stringify(reset),
    '--fault',
    JSON.stringify(junk),
    '--seed',
    '3',
  )
  expect(faults).toEqual([reset, junk])
  expect(seed).toBe(3)
})

test.each([
  ['--filter fuzzy', '--filter: fuzzy is none of exact, prefix, substring, ignored, page'],
  ['--port web', '--port: web is not a whole number'],
  ['--fault {', '--fault: not a JSON object with on, when and what: {'],
  ['--fault {"on":{}}', '--fault: not a JSON object with on, when and what: {"on":{}}'],
  ['--list-total n', 'list.total: a bare array has no room for a total in data'],
  ['--colour red', "Unknown option '--colour'"],
])('%s is a mistake', (line, text) => {
  const command = parseCommand(line.split(' '))
  expect(command).toMatchObject({ kind: 'mistake', text: expect.stringContaining(text) })
})

test('help names every switch', () => {
  const command = parseCommand(['--help'])
  expect(command).toMatchObject({ kind: 'help', text: expect.stringContaining('--list-items') })
})

test('the program prints where it listens and with which credentials, answers, and stops at SIGINT', async () => {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--seed', '2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text
    if (printed.includes('Ctrl-C')) break
  }
  const curl = /curl -H 'api-key: (.+)' '(http:.+)'/.exec(printed)
  const [, key = '', url = ''] = curl ?? []
  const response = await fetch(url, { headers: { 'api-key': key } })
  expect(await response.json()).toMatchObject({ data: [{ title: 'Sandbox 1' }, { title: 'Sandbox 2' }] })

  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})
