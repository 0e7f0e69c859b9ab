/** The part of a request that a failure names [documented: body, params; assumption: querystring, as in Fastify]. */
export type RequestPart = 'body' | 'params' | 'querystring' | 'headers'

/** An answer before it is written to the wire. A string body is sent as it is, an object as JSON. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body: object | string
}

/** A success: `error` is an empty object and the HTTP status is repeated [documented]. */
export function success(status: number, message: string, data: object, beside: object = {}): Answer {
  return { status, body: { code: 'RBC024', message, data, ...beside, error: {}, status } }
}

/** A failure: `data` is empty and `error` is a list of one object whose key is the request's part [documented]. */
export function failure(
  status: number,
  part: RequestPart,
  text: string,
  message = text,
  code = 'RBC302',
): Answer {
  return { status, body: { code, message, data: {}, error: [{ [part]: text }], status } }
}

/** No profile of that id: the code of a failed validation under another HTTP status [documented]. */
export function noSuchProfile(id: string): Answer {
  return failure(404, 'params', `No profile exists with id: ${id}`, 'No profile exists with this id')
}

/** A list of nothing, where that is a failure [assumption]. */
export function noSuchProfiles(): Answer {
  return failure(404, 'querystring', 'No profiles exist')
}

/** A wrong key or a wrong sid, as the gateway answers on another route of this host: no status in the envelope. */
export function unauthorised(): Answer {
  const message = 'Incorrect SID or API key.'
  return { status: 401, body: { code: 'RBC001', message, data: [], error: { error: message } } }
}

/** A path or method that is not routed, as the same gateway answers; the message is an [assumption]. */
export function unrouted(): Answer {
  return { status: 400, body: { code: 'RBC618', message: 'Invalid request.', data: [], error: {} } }
}
