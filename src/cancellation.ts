/** Cancelling a run: GitHub kills a cancelled job about 10 s after the first signal, so everything ends within 4 s. */

export interface Cancellation {
  /** At once: nothing new is written. */
  readonly stop: AbortSignal
  /** After 2 s: writes under way are given up. */
  readonly abort: AbortSignal
  /** After 4 s: reads are given up too; until then, writes whose fate is unknown are searched for. */
  readonly end: AbortSignal
}

const ABORT_MS = 2000
const END_MS = 4000

/** Makes a cancellation and the function that starts it; starting it again changes nothing. */
export function createCancellation(): { cancellation: Cancellation; cancel: () => void } {
  const [stop, abort, end] = [new AbortController(), new AbortController(), new AbortController()]
  const cancel = (): void => {
    if (stop.signal.aborted) return
    stop.abort()
    setTimeout(() => abort.abort(), ABORT_MS).unref()
    setTimeout(() => end.abort(), END_MS).unref()
  }
  return { cancellation: { stop: stop.signal, abort: abort.signal, end: end.signal }, cancel }
}

/** Waits for work that may be dropped at any moment: rejects with the signal's reason as soon as that is aborted. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return Promise.race([work, promise])
}
