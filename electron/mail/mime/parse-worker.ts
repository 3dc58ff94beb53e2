// Worker thread of the parse pool. Takes orders, reports results in small bundles so that the receiving thread never has
// much to unpack at once, and keeps the shared progress counter on the piece it is working on. It handles no errors: a
// piece that brings it down is found by the counter.
import { parentPort } from 'node:worker_threads'
import { movable, perform, weightOf, type Order, type Report, type Result } from './parse-job.ts'

const bundleCount = 12
const bundleBytes = 192 * 1024

if (parentPort === null) throw new Error('parse-worker runs only as a worker thread')
const port = parentPort

port.on('message', ({ works, progress }: Order) => {
  let results: Result[] = []
  let weight = 0
  let from = 0
  const send = (): void => {
    if (results.length === 0) return
    const report: Report = { from, results }
    port.postMessage(report, movable(results))
    from += results.length
    results = []
    weight = 0
  }
  for (const [i, work] of works.entries()) {
    Atomics.store(progress, 0, i)
    const result = perform(work)
    results.push(result)
    weight += weightOf(result)
    if (results.length >= bundleCount || weight >= bundleBytes) send()
  }
  Atomics.store(progress, 0, works.length)
  send()
})
