import { describe, expect, test } from 'vitest'
import { account, act, annotations, MANIFEST_PATH, visible } from './scenario.ts'

const ENV = { STAGE: 'prod', TEAM: 'orders', PARTS: '{"status":"<status>","retries":3}', EMPTY: '' }

/** A manifest of one profile with these lines. */
const profile = (...lines: string[]): string =>
  [
    'profiles:',
    '  orders:',
    '    title: GH Orders',
    '    http_method: POST',
    ...lines.map((line) => `    ${line}`),
  ].join('\n')

describe('expressions in a manifest', () => {
  test.each<[what: string, expression: string, made: unknown]>([
    ['an environment variable', '${{ env.STAGE }}', 'prod'],
    ['several in one text', '${{ env.TEAM }}-${{ env.STAGE }}', 'orders-prod'],
    ['the run', '${{ github.ref_name }} of ${{ github.repository }}', 'main of example/shop'],
    ['the event', '${{ github.event.inputs.channel }}', 'sms'],
    ['format', "${{ format('{0}/{1}', env.TEAM, env.STAGE) }}", 'orders/prod'],
    ['join', "${{ join(fromJSON('[1, 2]'), '+') }}", '1+2'],
    ['contains and operators', "${{ contains(env.STAGE, 'ro') && env.STAGE != 'test' }}", true],
    ['a whole value that keeps its type', '${{ fromJSON(env.PARTS) }}', { status: '<status>', retries: 3 }],
    ['a fallback for an empty variable', "${{ env.EMPTY || 'none' }}", 'none'],
    ['toJSON', '${{ toJSON(fromJSON(env.PARTS).retries) }}', '3'],
    ['an escape', '$${{ env.STAGE }}', '${{ env.STAGE }}'],
  ])('%s', async (_, expression, made) => {
    const sandbox = await account()
    const event = { name: 'workflow_dispatch', payload: { inputs: { channel: 'sms' } } }
    const manifest = profile('url: https://hooks.example.com/in', `body: { value: "${expression}" }`)
    const result = await act(sandbox, { event, env: ENV, manifest })
    expect(result.exitCode).toBe(0)
    expect(sandbox.store.all()[0]?.body).toEqual({ value: made })
  })

  test('are shown as they are written in log, summary, plan and outputs, and what they made nowhere', async () => {
    const sandbox = await account()
    const env = { STAGE: 'stage-of-the-test' }
    const manifest = profile('url: https://hooks.example.com/${{ env.STAGE }}/in', 'body: {}')
    const result = await act(sandbox, { env, inputs: { mode: 'plan' }, manifest })
    expect(result.log).toContain('url: https://hooks.example.com/${{ env.STAGE }}/in')
    expect(visible(result)).not.toContain(env.STAGE)
    expect(result.plan).toContain('${{ env.STAGE }}')
  })

  test.each<[what: string, expression: string, message: RegExp]>([
    ['an unset variable', '${{ env.NONE }}', /`env\.NONE` is unset or empty: add it to the step's `env:`/],
    ['a secret', '${{ secrets.KEY }}', /write `KEY: \$\{\{ secrets\.KEY \}\}` under the step's `env:`/],
    ['a mistyped function', "${{ fromat('x') }}", /did you mean `format`/],
    ['a syntax error', '${{ env.STAGE == }}', /the expression cannot be read/],
    ['no end', '${{ env.STAGE', /no closing/],
  ])('with %s is an error at its place', async (_, expression, message) => {
    const sandbox = await account()
    const manifest = profile('url: https://hooks.example.com/in', `body: { value: "${expression}" }`)
    const errors = annotations(await act(sandbox, { env: ENV, manifest }), 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(message)
    expect(errors[0]).toContain(`${MANIFEST_PATH}:6:20 profiles.orders.body.value`)
    expect(sandbox.requests).toEqual([])
  })
})
