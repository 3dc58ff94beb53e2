import { createServer, connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export const LOOPBACK = '127.0.0.1'

/**
 * Ports nobody listened on a moment ago. They are held open together, so they differ from one another;
 * another process may still take one before it is used, and the caller has to be ready to ask again.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(0, LOOPBACK, resolve)
      })
      return server
    }),
  )
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Resolves once a server on the port has said its first bytes; rejects after `timeoutMs`. */
export async function waitForGreeting(port: number, timeoutMs: number, stillAlive: () => boolean): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (stillAlive()) {
    if (await greets(port, Math.max(1, deadline - Date.now()))) return
    if (Date.now() >= deadline) throw new Error(`nothing answered on port ${port} within ${timeoutMs} ms`)
    await delay(20)
  }
  throw new Error(`the server for port ${port} ended before it answered`)
}

function greets(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK)
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => {
      settle(false)
    })
    socket.once('data', () => {
      settle(true)
    })
    socket.once('error', () => {
      settle(false)
    })
    socket.once('close', () => {
      settle(false)
    })
  })
}
