// One POST, as an ES module.
import { request } from 'node:http'

const body = process.env.BENCH_BODY
request(
  process.env.BENCH_URL,
  {
    method: 'POST',
    headers: {
      'api-key': 'bench',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  },
  (response) => {
    const chunks = []
    response.on('data', (chunk) => chunks.push(chunk))
    response.on('end', () => console.log(JSON.parse(Buffer.concat(chunks).toString()).data.profile_id))
  },
).end(body)
