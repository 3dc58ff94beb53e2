// A TCP proxy on loopback that misbehaves on command, at an exact place: latency, bandwidth, cuts, corruption, half-open
// connections, refusal. On a plain connection it understands enough IMAP to know where a command, its answer or a literal
// begins and ends; after STARTTLS or COMPRESS, or from a TLS hello on, it sees bytes only.
// Nothing is random: the same arming meets the same traffic at the same byte. Without faults it changes no byte.
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createImapScanner } from './imap-scanner.ts'
import type { Piece } from './imap-scanner.ts'
import { LOOPBACK } from './loopback.ts'

export type Direction = 'from-client' | 'from-server'

/** Where a fault happens. Everything is counted over all connections since the fault was armed or last happened. */
export type Moment =
  | {
      readonly on: 'command'
      /** Only commands with this name count, for example `UID FETCH`. Default: every command. */
      readonly name?: string | RegExp
      /** Which one, from 1. Default: 1. */
      readonly nth?: number
      /**
       * `before`: the server never hears of it. `sent`: the server carries it out, but its answer is lost.
       * `answering`: half of the answer's first line has passed. `done`: the whole answer has passed.
       */
      readonly at: 'before' | 'sent' | 'answering' | 'done'
    }
  | {
      readonly on: 'literal'
      readonly from: Direction
      readonly nth?: number
      /** Bytes of the literal that pass first. Default: half of it. */
      readonly after?: number
    }
  | { readonly on: 'byte'; readonly from: Direction; /** How many bytes pass first. */ readonly after: number }

export type Harm =
  /** `close` ends the connection in order (FIN) after exactly the bytes before the moment; `reset` as a crash does (RST). */
  | { readonly do: 'cut'; readonly how?: 'close' | 'reset'; /** Cut the other connections too. */ readonly all?: boolean }
  /** Nothing passes any more in either direction, and nobody is told. */
  | { readonly do: 'half-open'; readonly all?: boolean }
  /** The next bytes (default 1) arrive changed. */
  | { readonly do: 'corrupt'; readonly bytes?: number }
  /** That direction halts for a while. */
  | { readonly do: 'stall'; readonly ms: number }

export type Fault = Harm & {
  readonly when: Moment
  /**
   * After it happened: `never` again (default), `same` starts counting anew, `staircase` starts anew and waits for one
   * command, literal or byte more than before, so a client that always reconnects is met at every command in turn.
   */
  readonly repeat?: 'never' | 'same' | 'staircase'
}

export type SeenCommand = {
  /** Connections count from 1. */
  readonly connection: number
  readonly name: string
  /** As sent, first line only, without what LOGIN and AUTHENTICATE say after their name. */
  readonly line: string
}

export type ArmedFault = {
  /** How often it happened. */
  readonly times: number
  /** Resolves with the command last seen on the connection when it happens the next time. */
  next(timeoutMs?: number): Promise<SeenCommand | null>
  disarm(): void
}

export type Shape = {
  /** Added to each direction. */
  readonly latencyMs?: number
  readonly bytesPerSecond?: number
}

export type ChaosStats = {
  readonly connections: number
  readonly open: number
  readonly bytesFromClient: number
  readonly bytesFromServer: number
  readonly commands: readonly SeenCommand[]
}

export type ChaosProxy = {
  readonly host: string
  readonly port: number
  readonly stats: ChaosStats
  arm(fault: Fault): ArmedFault
  /** Answers these commands itself, as a server would that does not know or does not want them. Returns an undo. */
  reject(name: string | RegExp, answer?: string): () => void
  shape(shape: Shape): void
  cutAll(how?: 'close' | 'reset'): void
  /** Open connections, and any made from now on, go half-open. */
  freeze(): void
  /** New connections are refused by the operating system; open ones live on. */
  refuse(): Promise<void>
  /** Every fault is disarmed, and new connections work again. What was frozen stays dead. */
  heal(): Promise<void>
  /** Resolves with the next command of that name, counted from now. */
  nextCommand(name: string | RegExp, timeoutMs?: number): Promise<SeenCommand>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

type Armed = {
  readonly fault: Fault
  count: number
  target: number
  times: number
  waiting: ((command: SeenCommand | null) => void)[]
}

/** One direction of one connection, in order, delayed as the shape says. */
type Lane = {
  readonly send: (bytes: Buffer) => void
  /** Runs after everything sent so far has left. */
  readonly then: (action: () => void) => void
  readonly stall: (ms: number) => void
}

type Pending = { readonly tag: string; readonly command: SeenCommand; answered: boolean; lose: Armed | null }

type Connection = {
  readonly id: number
  readonly client: Socket
  readonly upstream: Socket
  readonly lanes: Readonly<Record<Direction, Lane>>
  readonly corrupt: Record<Direction, number>
  readonly pending: Pending[]
  state: 'open' | 'frozen' | 'over'
  /** The answer is being withheld from the client while the server carries a command out. */
  deaf: boolean
  /** The server is between two responses, so the proxy may say something of its own. */
  betweenResponses: boolean
  readonly toSay: string[]
  /** The server answered before it had the whole command. */
  abandon: (tag: string) => void
  lastCommand: SeenCommand | null
}

const BACKLOG_LIMIT = 4 * 1024 * 1024
const SLICE = 4096
const DEFAULT_TIMEOUT_MS = 20_000
const LOST_ANSWER_TIMEOUT_MS = 5_000
const PARTING_MS = 1_000
const TLS_HANDSHAKE = 0x16
const CONTINUATION = Buffer.from('+')
const COMMAND = /^(\S+) (UID \S+|\S+)/i

export async function startChaosProxy(options: { readonly upstreamPort: number; readonly port?: number }): Promise<ChaosProxy> {
  const connections = new Set<Connection>()
  const armed = new Set<Armed>()
  const rejections = new Set<{ readonly name: string | RegExp; readonly answer: string }>()
  const commands: SeenCommand[] = []
  const commandWaiters = new Set<(command: SeenCommand) => void>()
  const bytes: Record<Direction, number> = { 'from-client': 0, 'from-server': 0 }
  let total = 0
  let shape: Shape = {}
  let blackHole = false
  let port = options.port ?? 0
  let server: Server | null = null

  const laneTo = (destination: Socket, source: () => Socket): Lane => {
    const queue: { readonly due: number; readonly run: () => void; readonly size: number }[] = []
    let queued = 0
    let lastDue = 0
    let timer: NodeJS.Timeout | null = null
    const relieve = (): void => {
      if (queued + destination.writableLength < BACKLOG_LIMIT) source().resume()
    }
    destination.on('drain', relieve)
    const flush = (): void => {
      timer = null
      for (let head = queue[0]; head !== undefined && head.due <= performance.now(); head = queue[0]) {
        queue.shift()
        queued -= head.size
        head.run()
      }
      relieve()
      const head = queue[0]
      if (head !== undefined) timer = setTimeout(flush, Math.max(1, head.due - performance.now()))
    }
    const enqueue = (size: number, run: () => void): void => {
      const { latencyMs = 0, bytesPerSecond = 0 } = shape
      const now = performance.now()
      lastDue = Math.max(now + latencyMs, lastDue) + (bytesPerSecond > 0 ? (size / bytesPerSecond) * 1000 : 0)
      if (queue.length === 0 && lastDue <= now) {
        run()
        return
      }
      queue.push({ due: lastDue, run, size })
      queued += size
      if (queued > BACKLOG_LIMIT) source().pause()
      timer ??= setTimeout(flush, Math.max(1, lastDue - now))
    }
    const write = (chunk: Buffer): void => {
      if (destination.destroyed || destination.writableEnded) return
      if (!destination.write(chunk) && destination.writableLength > BACKLOG_LIMIT) source().pause()
    }
    return {
      send(chunk) {
        const step = shape.bytesPerSecond === undefined ? chunk.length : SLICE
        for (let at = 0; at < chunk.length; at += step) {
          const slice = chunk.subarray(at, at + step)
          enqueue(slice.length, () => {
            write(slice)
          })
        }
      },
      then(action) {
        enqueue(0, action)
      },
      stall(ms) {
        lastDue = Math.max(lastDue, performance.now() + ms)
      },
    }
  }

  const matches = (pattern: string | RegExp | undefined, name: string): boolean =>
    pattern === undefined || (typeof pattern === 'string' ? pattern.toUpperCase() === name : pattern.test(name))

  /** Counts one more towards the fault and says whether this is the one. */
  const isDue = (each: Armed): boolean => {
    each.count += 1
    return each.count === each.target
  }

  const happened = (each: Armed, command: SeenCommand | null): void => {
    each.times += 1
    switch (each.fault.repeat ?? 'never') {
      case 'never':
        armed.delete(each)
        break
      case 'staircase':
        each.target += 1
        each.count = 0
        break
      case 'same':
        each.count = 0
        break
    }
    for (const resolve of each.waiting.splice(0)) resolve(command)
  }

  const cut = (connection: Connection, how: 'close' | 'reset'): void => {
    if (connection.state === 'over') return
    connection.state = 'over'
    connections.delete(connection)
    const end = (socket: Socket): void => {
      if (how === 'reset') {
        socket.resetAndDestroy()
        return
      }
      // Closing with something unread would turn the orderly end into a reset, so the other side may finish first.
      socket.end()
      socket.once('end', () => socket.destroy())
      setTimeout(() => socket.destroy(), PARTING_MS).unref()
    }
    connection.lanes['from-server'].then(() => {
      end(connection.client)
    })
    connection.lanes['from-client'].then(() => {
      end(connection.upstream)
    })
  }

  const freeze = (connection: Connection): void => {
    if (connection.state === 'open') connection.state = 'frozen'
  }

  const harm = (each: Armed, connection: Connection, direction: Direction): void => {
    const { fault } = each
    switch (fault.do) {
      case 'cut':
        for (const one of fault.all === true ? [...connections] : [connection]) cut(one, fault.how ?? 'close')
        break
      case 'half-open':
        for (const one of fault.all === true ? [...connections] : [connection]) freeze(one)
        break
      case 'corrupt':
        connection.corrupt[direction] += fault.bytes ?? 1
        break
      case 'stall':
        connection.lanes[direction].stall(fault.ms)
        break
    }
    happened(each, connection.lastCommand)
  }

  /** The one way on: everything that passes goes through here, byte faults included. */
  const forward = (connection: Connection, direction: Direction, chunk: Buffer): void => {
    let rest = chunk
    while (rest.length > 0) {
      if (connection.state !== 'open' || (direction === 'from-server' && connection.deaf)) return
      let passing = rest.length
      let due: Armed | null = null
      for (const each of armed) {
        const { when } = each.fault
        if (when.on !== 'byte' || when.from !== direction) continue
        const left = each.target - each.count
        if (left <= passing) {
          passing = left
          due = each
        }
      }
      for (const each of armed) {
        const { when } = each.fault
        if (when.on === 'byte' && when.from === direction) each.count += passing
      }
      let head = rest.subarray(0, passing)
      rest = rest.subarray(passing)
      const spoiled = Math.min(connection.corrupt[direction], head.length)
      if (spoiled > 0) {
        head = Buffer.from(head)
        for (let at = 0; at < spoiled; at += 1) head[at] = (head[at] ?? 0) ^ 0x15
        connection.corrupt[direction] -= spoiled
      }
      if (head.length > 0) connection.lanes[direction].send(head)
      if (due !== null) harm(due, connection, direction)
    }
  }

  const commandFaults = (at: 'before' | 'sent' | 'answering' | 'done', name: string): readonly Armed[] =>
    [...armed].filter(
      ({ fault: { when } }) => when.on === 'command' && when.at === at && matches(when.name, name),
    )

  const passLiteral = (connection: Connection, direction: Direction, piece: Extract<Piece, { kind: 'literal' }>): void => {
    let passed = 0
    for (const each of [...armed]) {
      const { when } = each.fault
      if (when.on !== 'literal' || when.from !== direction) continue
      if (piece.offset === 0) each.count += 1
      if (each.count !== each.target) continue
      const place = Math.min(when.after ?? Math.floor(piece.size / 2), piece.size - 1) - piece.offset
      if (place < passed || place >= piece.bytes.length) continue
      forward(connection, direction, piece.bytes.subarray(passed, place))
      passed = place
      harm(each, connection, direction)
    }
    forward(connection, direction, piece.bytes.subarray(passed))
  }

  const say = (connection: Connection, line: string | null): void => {
    if (line !== null) connection.toSay.push(line)
    if (!connection.betweenResponses || connection.state !== 'open') return
    for (const each of connection.toSay.splice(0)) connection.lanes['from-server'].send(Buffer.from(`${each}\r\n`))
  }

  const listenToClient = (connection: Connection): ((chunk: Buffer) => void) => {
    const { scan, forgetLiteral } = createImapScanner('client')
    let held: Buffer[] = []
    let current: Pending | null = null
    /** A rejected command, of which the rest still has to be swallowed. */
    let rejecting: { readonly tag: string; readonly answer: string } | null = null

    const begin = (text: string): void => {
      const [, tag = '', verb = ''] = COMMAND.exec(text) ?? []
      const name = verb.toUpperCase()
      const secret = name === 'LOGIN' || name === 'AUTHENTICATE'
      const command: SeenCommand = { connection: connection.id, name, line: secret ? `${tag} ${name} …` : text }
      commands.push(command)
      connection.lastCommand = command
      for (const waiter of [...commandWaiters]) waiter(command)
      const rejection = [...rejections].find((each) => matches(each.name, name))
      if (rejection !== undefined) rejecting = { tag, answer: rejection.answer }
      else for (const each of commandFaults('before', name)) if (isDue(each)) harm(each, connection, 'from-client')
      current = { tag, command, answered: false, lose: null }
    }

    const complete = (pending: Pending): void => {
      connection.pending.push(pending)
      for (const each of commandFaults('sent', pending.command.name)) {
        if (!isDue(each)) continue
        if (each.fault.do === 'cut' || each.fault.do === 'half-open') {
          pending.lose = each
          connection.deaf = true
          setTimeout(() => {
            if (pending.lose !== null) loseAnswer(connection, pending)
          }, LOST_ANSWER_TIMEOUT_MS).unref()
        } else harm(each, connection, 'from-server')
      }
    }

    connection.abandon = (tag) => {
      if (current?.tag !== tag) return
      current = null
      forgetLiteral()
    }

    return (chunk) => {
      for (const piece of scan(chunk)) {
        if (piece.kind === 'literal') {
          if (rejecting === null) passLiteral(connection, 'from-client', piece)
          continue
        }
        held.push(piece.bytes)
        if (piece.text === null) continue
        const line = Buffer.concat(held)
        held = []
        // What follows AUTHENTICATE, and DONE after IDLE, is a continuation and no command.
        const waiting = connection.pending.at(-1)
        const continues =
          current !== null ||
          (waiting !== undefined && (waiting.command.name === 'AUTHENTICATE' || /^DONE$/i.test(piece.text)))
        if (!continues) begin(piece.text)
        if (rejecting === null) forward(connection, 'from-client', line)
        else if (piece.literalSize === null || !piece.text.endsWith('+}')) {
          // The refusal takes the place of the go-ahead for a literal that waits for one.
          say(connection, `${rejecting.tag} ${rejecting.answer}`)
          rejecting = null
          current = null
          forgetLiteral()
          continue
        }
        if (piece.literalSize !== null || current === null || connection.state !== 'open') continue
        const finished: Pending = current
        current = null
        complete(finished)
      }
    }
  }

  const loseAnswer = (connection: Connection, pending: Pending): void => {
    const each = pending.lose
    pending.lose = null
    if (each !== null) harm(each, connection, 'from-server')
  }

  const listenToServer = (connection: Connection, becomeOpaque: () => void): ((chunk: Buffer) => void) => {
    const { scan } = createImapScanner('server')

    const passLine = (piece: Extract<Piece, { kind: 'line' }>): void => {
      const isAnswer = connection.betweenResponses && !piece.bytes.subarray(0, 1).equals(CONTINUATION)
      const first = isAnswer ? connection.pending.find((each) => !each.answered) : undefined
      let passed = 0
      if (first !== undefined) {
        first.answered = true
        for (const each of commandFaults('answering', first.command.name)) {
          if (!isDue(each)) continue
          const half = Math.floor(piece.bytes.length / 2)
          forward(connection, 'from-server', piece.bytes.subarray(passed, half))
          passed = half
          harm(each, connection, 'from-server')
        }
      }
      forward(connection, 'from-server', piece.bytes.subarray(passed))
      connection.betweenResponses = piece.text !== null && piece.literalSize === null
      if (piece.text !== null) finish(piece.text)
      say(connection, null)
    }

    const finish = (text: string): void => {
      const idle = connection.pending.at(-1)
      const index =
        text.startsWith('+') && idle?.command.name === 'IDLE' && idle.lose !== null
          ? connection.pending.length - 1
          : connection.pending.findIndex((each) => text.startsWith(`${each.tag} `))
      const pending = connection.pending[index]
      if (pending === undefined) {
        connection.abandon(text.slice(0, text.indexOf(' ')))
        return
      }
      connection.pending.splice(index, 1)
      const { name } = pending.command
      if (pending.lose !== null) {
        loseAnswer(connection, pending)
        return
      }
      if ((name === 'STARTTLS' || name === 'COMPRESS') && / OK\b/i.test(text)) becomeOpaque()
      for (const each of commandFaults('done', name)) if (isDue(each)) harm(each, connection, 'from-server')
    }

    return (chunk) => {
      for (const piece of scan(chunk)) {
        if (piece.kind === 'literal') passLiteral(connection, 'from-server', piece)
        else passLine(piece)
      }
    }
  }

  const accept = (client: Socket): void => {
    total += 1
    client.setNoDelay(true)
    const upstream = connect({ port: options.upstreamPort, host: LOOPBACK, allowHalfOpen: true, noDelay: true })
    const connection: Connection = {
      id: total,
      client,
      upstream,
      lanes: {
        'from-client': laneTo(upstream, () => client),
        'from-server': laneTo(client, () => upstream),
      },
      corrupt: { 'from-client': 0, 'from-server': 0 },
      pending: [],
      state: blackHole ? 'frozen' : 'open',
      deaf: false,
      betweenResponses: true,
      toSay: [],
      abandon: () => undefined,
      lastCommand: null,
    }
    connections.add(connection)
    let opaque = false
    let begun = false
    const fromClient = listenToClient(connection)
    const fromServer = listenToServer(connection, () => {
      opaque = true
    })
    client.on('data', (chunk: Buffer) => {
      bytes['from-client'] += chunk.length
      if (!begun && chunk[0] === TLS_HANDSHAKE) opaque = true
      begun = true
      if (connection.state !== 'open') return
      if (opaque) forward(connection, 'from-client', chunk)
      else fromClient(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      bytes['from-server'] += chunk.length
      if (connection.state !== 'open') return
      if (opaque) forward(connection, 'from-server', chunk)
      else fromServer(chunk)
    })
    const pairs = [
      [client, upstream, 'from-client'],
      [upstream, client, 'from-server'],
    ] as const
    for (const [source, destination, direction] of pairs) {
      source.on('end', () => {
        if (connection.state === 'open') connection.lanes[direction].then(() => destination.end())
      })
      source.on('error', () => {
        if (connection.state === 'open') cut(connection, 'reset')
      })
      source.on('close', () => {
        // A frozen connection does not tell the other end, unless it is the client that gave up.
        if (connection.state === 'open' || source === client) connection.lanes[direction].then(() => destination.end())
        if (client.destroyed && (upstream.destroyed || connection.state === 'frozen')) {
          upstream.destroy()
          connections.delete(connection)
        }
      })
    }
  }

  const listen = async (): Promise<void> => {
    if (server !== null) return
    const next = createServer({ allowHalfOpen: true }, accept)
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject)
      next.listen(port, LOOPBACK, resolve)
    })
    port = (next.address() as AddressInfo).port
    server = next
  }

  const refuse = (): Promise<void> => {
    const current = server
    server = null
    // Stops listening at once; the callback alone would wait for the open connections.
    current?.close()
    return Promise.resolve()
  }

  const timeLimit = (what: string, timeoutMs: number, reject: (error: Error) => void): NodeJS.Timeout =>
    setTimeout(() => {
      reject(new Error(`${what} did not happen within ${timeoutMs} ms`))
    }, timeoutMs)

  await listen()
  const proxy: ChaosProxy = {
    host: LOOPBACK,
    get port() {
      return port
    },
    get stats() {
      return {
        connections: total,
        open: connections.size,
        bytesFromClient: bytes['from-client'],
        bytesFromServer: bytes['from-server'],
        commands: [...commands],
      }
    },
    arm(fault) {
      const target = fault.when.on === 'byte' ? fault.when.after : (fault.when.nth ?? 1)
      const each: Armed = { fault, count: 0, target, times: 0, waiting: [] }
      armed.add(each)
      return {
        get times() {
          return each.times
        },
        next(timeoutMs = DEFAULT_TIMEOUT_MS) {
          return new Promise((resolve, reject) => {
            const timer = timeLimit(`the fault (${fault.do})`, timeoutMs, reject)
            each.waiting.push((command) => {
              clearTimeout(timer)
              resolve(command)
            })
          })
        },
        disarm() {
          armed.delete(each)
        },
      }
    },
    reject(name, answer = 'BAD Unknown command') {
      const rejection = { name, answer }
      rejections.add(rejection)
      return () => {
        rejections.delete(rejection)
      }
    },
    shape(next) {
      shape = next
    },
    cutAll(how = 'reset') {
      for (const connection of [...connections]) cut(connection, how)
    },
    freeze() {
      blackHole = true
      for (const connection of connections) freeze(connection)
    },
    refuse,
    async heal() {
      blackHole = false
      armed.clear()
      rejections.clear()
      shape = {}
      await listen()
    },
    nextCommand(name, timeoutMs = DEFAULT_TIMEOUT_MS) {
      return new Promise((resolve, reject) => {
        const waiter = (command: SeenCommand): void => {
          if (!matches(name, command.name)) return
          clearTimeout(timer)
          commandWaiters.delete(waiter)
          resolve(command)
        }
        const timer = timeLimit(`the command ${String(name)}`, timeoutMs, (error) => {
          commandWaiters.delete(waiter)
          reject(error)
        })
        commandWaiters.add(waiter)
      })
    },
    async stop() {
      await refuse()
      for (const connection of [...connections]) {
        connection.state = 'over'
        connection.client.destroy()
        connection.upstream.destroy()
      }
      connections.clear()
    },
    [Symbol.asyncDispose]() {
      return proxy.stop()
    },
  }
  return proxy
}
