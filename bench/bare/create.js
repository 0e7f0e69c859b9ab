// As many POSTs as there are lines in a file of bodies, over eight connections that are kept.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'

const SOCKETS = 8
const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS })
const bodies = readFileSync(process.env.BENCH_BODIES, 'utf8').trimEnd().split('\n')

const post = (body) =>
  new Promise((resolve, reject) => {
    const headers = {
      'api-key': 'bench',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    request(process.env.BENCH_URL, { method: 'POST', agent, headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).data.profile_id))
    })
      .on('error', reject)
      .end(body)
  })

const ids = []
const work = async () => {
  for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) ids.push(await post(body))
}
await Promise.all(Array.from({ length: SOCKETS }, work))
agent.destroy()
console.log(ids.length)
