// Other people on the same computer can reach 127.0.0.1, and on Linux they can read a browser's command line and with it
// the address. So on Linux a connection is also asked which user made it; the kernel knows.
import { readFileSync } from 'node:fs'

const loopback = '0100007F'
const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

/** The user id that owns the connecting end, from the text of /proc/net/tcp; null when it is not listed. */
export function ownerIn(table: string, from: number, to: number): number | null {
  const local = `${loopback}:${hexPort(from)}`
  const remote = `${loopback}:${hexPort(to)}`
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/)
    if (columns[1] === local && columns[2] === remote) return Number(columns[7])
  }
  return null
}

/** False only when the connection is known to be another user's. Root may: it could read our memory as well. */
export function peerIsOurs(from: number, to: number): boolean {
  if (process.platform !== 'linux' || process.getuid === undefined) return true
  let table: string
  try {
    table = readFileSync('/proc/net/tcp', 'latin1')
  } catch {
    return true
  }
  const owner = ownerIn(table, from, to)
  return owner === null || owner === 0 || owner === process.getuid()
}
