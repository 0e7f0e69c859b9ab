// The profiles of these ids, read side by side over connections that are kept.
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

const read = (id) =>
  new Promise((resolve, reject) => {
    request(`${process.env.BENCH_URL}/${id}`, { agent, headers: { 'api-key': 'bench' } }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).data.title))
    })
      .on('error', reject)
      .end()
  })

console.log(await Promise.all(process.env.BENCH_IDS.split(',').map(read)))
agent.destroy()
