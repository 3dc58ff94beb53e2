// Loaded into Electron's own downloader before it starts: tells the parent process how its downloads get on, which the
// downloader itself says to nobody but a terminal.
const plainFetch = globalThis.fetch
const tell = (message) => process.send?.(message)

globalThis.fetch = async (...args) => {
  tell({ kind: 'asking' })
  const response = await plainFetch(...args)
  if (response.body === null) return response
  const total = Number(response.headers.get('content-length')) || null
  let received = 0
  tell({ kind: 'received', received, total })
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        received += chunk.byteLength
        tell({ kind: 'received', received, total })
        controller.enqueue(chunk)
      },
      flush() {
        tell({ kind: 'unpacking' })
      },
    }),
  )
  return new Proxy(response, {
    get(target, name) {
      if (name === 'body') return counted
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
