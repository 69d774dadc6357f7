const waiting = new WeakMap<AbortSignal, { callbacks: Set<() => void>; listener: () => void }>()

/**
 * Calls back when the signal aborts; gives a function that takes that back. However many calls share a signal, it has
 * one listener of ours: with more than ten, Node warns of a leak.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {}
  const { callbacks } = waiting.get(signal) ?? listen(signal)
  callbacks.add(callback)
  return () => {
    callbacks.delete(callback)
    const listening = waiting.get(signal)
    if (callbacks.size === 0 && listening?.callbacks === callbacks) {
      signal.removeEventListener('abort', listening.listener)
      waiting.delete(signal)
    }
  }
}

function listen(signal: AbortSignal) {
  const callbacks = new Set<() => void>()
  const listener = () => {
    for (const callback of [...callbacks]) callback()
  }
  const listening = { callbacks, listener }
  signal.addEventListener('abort', listener)
  waiting.set(signal, listening)
  return listening
}
