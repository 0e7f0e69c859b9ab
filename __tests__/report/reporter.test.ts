import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/manifest/problem.ts'
import { createRedactor } from '../../src/redactor.ts'
import { createReporter } from '../../src/report/reporter.ts'
import { recorder } from './reports.ts'

function open() {
  const redactor = createRedactor()
  redactor.add([{ value: 'hook-token', mask: true }])
  const { runner, ...told } = recorder()
  return { reporter: createReporter(runner, redactor), ...told }
}

const problem = (line: number, facts: Partial<Problem> = {}): Problem => ({
  severity: 'error',
  place: { source: 'callbacks.yml', file: 'callbacks.yml', line, column: 5 },
  path: `profiles.p${line}.url`,
  message: 'expected a URL',
  ...facts,
})

test('lines are redacted and harmless', () => {
  const { reporter, lines } = open()
  reporter.line('a\n::error::hook-token')
  expect(lines).toEqual(['a\\u000a:\u200b:error:\u200b:***'])
})

test('a group ends also where its work fails', async () => {
  const { reporter, lines } = open()
  const failing = reporter.group('Plan', async () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(lines).toEqual(['[Plan]', '[end]'])
})

describe('problems', () => {
  test('of a file are lines with their place, and annotations on the file', () => {
    const { reporter, lines, annotations } = open()
    reporter.problems([problem(3), problem(4, { severity: 'warning', path: '', message: 'it is empty' })])
    expect(lines).toEqual([
      'error: callbacks.yml:3:5  profiles.p3.url: expected a URL',
      'warning: callbacks.yml:4:5  it is empty',
    ])
    expect(annotations).toEqual([
      {
        level: 'error',
        message: 'profiles.p3.url: expected a URL',
        place: { file: 'callbacks.yml', startLine: 3, startColumn: 5 },
      },
      {
        level: 'warning',
        message: 'it is empty',
        place: { file: 'callbacks.yml', startLine: 4, startColumn: 5 },
      },
    ])
  })

  test('of an input name it once, in the annotation', () => {
    const { reporter, lines, annotations } = open()
    reporter.problems([
      problem(1, { place: { source: 'input url', file: null, line: 1, column: 1 }, path: 'url' }),
    ])
    expect(lines).toEqual([])
    expect(annotations).toEqual([
      { level: 'error', message: 'input url:1:1  url: expected a URL', place: {} },
    ])
  })

  test('beyond ten of a level are lines only', () => {
    const { reporter, lines, annotations } = open()
    const errors = Array.from({ length: 12 }, (_, index) => problem(index + 1))
    reporter.problems([...errors, problem(20, { severity: 'warning' })])
    expect(lines).toHaveLength(13)
    expect(annotations.map(({ level }) => level)).toEqual([...Array(10).fill('error'), 'warning'])
  })
})

describe('failures', () => {
  test('of the run are one annotation each, and lines beyond ten', () => {
    const { reporter, lines, annotations } = open()
    reporter.failures(Array.from({ length: 12 }, (_, index) => ({ text: `failure ${index}`, place: null })))
    expect(annotations).toHaveLength(10)
    expect(annotations[0]).toEqual({ level: 'error', message: 'failure 0', place: {} })
    expect(lines).toEqual(['error: failure 10', 'error: failure 11'])
  })

  test('of a profile stand on its line', () => {
    const { reporter, lines, annotations } = open()
    reporter.failures([{ text: 'orders: refused hook-token', place: problem(7).place }])
    expect(lines).toEqual(['error: callbacks.yml:7:5  orders: refused ***'])
    expect(annotations).toMatchObject([{ message: 'orders: refused ***', place: { startLine: 7 } }])
  })
})

test('warnings are annotations, on their line where they have one', () => {
  const { reporter, annotations } = open()
  reporter.warnings(['the disk is full'])
  reporter.failures([{ text: 'orders: is to be deleted', place: problem(7).place }], 'warning')
  expect(annotations).toMatchObject([
    { level: 'warning', message: 'the disk is full', place: {} },
    { level: 'warning', message: 'orders: is to be deleted', place: { startLine: 7 } },
  ])
})
