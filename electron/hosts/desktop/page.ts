// Serves the one page: its files and mail assets over the app's own scheme, its calls over a MessagePort, and files it
// lets be dragged out. Every request from the page is answered only to the app's own frame.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MessageChannelMain, nativeImage } from 'electron'
import type { MessagePortMain, Session, WebContents } from 'electron'
import { RPCHandler } from '@orpc/server/message-port'
import { mailAnswer, plainAnswer } from '../../core/assets.ts'
import type { AssetResponse, Assets } from '../../core/assets.ts'
import type { HostedProgram } from '../../core/host.ts'
import { safeFilename } from '../../mail/mime/attachment-kind.ts'
import { channels } from './channels.ts'
import { draggedFolder, markAsReceived } from './desktop-host.ts'
import { appOrigin, assetBase, isAppFrame, isAppUrl, scheme } from './guard.ts'

export function serveAssets(session: Session, renderer: Assets, program: Promise<HostedProgram>): void {
  const answerTo = async (method: string, address: string, initiator: unknown): Promise<AssetResponse> => {
    if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, 'Only reading is possible here.')
    if (!isAppUrl(address)) return plainAnswer(404, 'Not found.')
    // Sandboxed message frames have an opaque origin, written 'null'; what the program itself loads has none.
    if (typeof initiator === 'string' && initiator !== appOrigin && initiator !== 'null') return plainAnswer(403, 'Another site asked for this.')
    const { pathname, search } = new URL(address)
    if (!pathname.startsWith(assetBase)) return renderer.serve(pathname.slice(1) + search)
    return mailAnswer(await (await program).assets.serve(pathname.slice(assetBase.length) + search), `'self' ${scheme}:`)
  }
  session.protocol.handle(scheme, async (request) => {
    const initiator: unknown = 'initiatorOrigin' in request ? request.initiatorOrigin : undefined
    const answer = await answerTo(request.method, request.url, initiator).catch((error: unknown) => {
      console.error('An asset could not be served.', error)
      return plainAnswer(500, 'This could not be served.')
    })
    const empty = request.method === 'HEAD' || answer.status === 204
    const body = typeof answer.body === 'string' ? answer.body : new Uint8Array(answer.body)
    return new Response(empty ? null : body, { status: answer.status, headers: answer.headers })
  })
}

export function connectPage(contents: WebContents, program: Promise<HostedProgram>, dataDir: string, dragIcon: string): void {
  let port: MessagePortMain | null = null
  contents.ipc.on(channels.connect, (event) => {
    const frame = event.senderFrame
    if (!isAppFrame(frame)) return
    program.then(
      ({ router }) => {
        if (frame.isDestroyed() || frame.detached) return
        port?.close()
        const { port1, port2 } = new MessageChannelMain()
        new RPCHandler(router).upgrade(port1)
        port1.start()
        port = port1
        frame.postMessage(channels.port, null, [port2])
      },
      // The start itself tells the person why there is no program.
      () => undefined,
    )
  })
  contents.ipc.on(channels.drag, (event, message: unknown, index: unknown) => {
    if (!isAppFrame(event.senderFrame) || !isPositive(message) || !(index === 0 || isPositive(index))) return
    draggedFile(program, dataDir, message, index).then(
      (file) => {
        if (file !== null && !contents.isDestroyed()) contents.startDrag({ file, icon: nativeImage.createFromPath(dragIcon) })
      },
      (error: unknown) => console.error('An attachment could not be dragged.', error),
    )
  })
}

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

/** Writes an attachment under its own name; null when it cannot be had. */
async function draggedFile(program: Promise<HostedProgram>, dataDir: string, message: number, index: number): Promise<string | null> {
  const answer = mailAnswer(await (await program).assets.serve(`attachment/${String(message)}/${String(index)}?download=1`))
  if (answer.status !== 200) return null
  const folder = join(dataDir, draggedFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(await mkdtemp(join(folder, 'd-')), dispositionName(answer.headers['content-disposition'] ?? '') || `attachment-${String(index + 1)}`)
  await writeFile(path, answer.body, { mode: 0o600 })
  await markAsReceived(path)
  return path
}

/** The file name of a Content-Disposition (RFC 6266), made safe; '' when it has none. */
export function dispositionName(header: string): string {
  const extended = /filename\*=UTF-8''([^;\s]+)/i.exec(header)?.[1]
  const plain = /filename="((?:[^"\\]|\\.)*)"/i.exec(header)?.[1]?.replace(/\\(.)/g, '$1')
  try {
    return safeFilename(extended === undefined ? (plain ?? '') : decodeURIComponent(extended))
  } catch {
    return safeFilename(plain ?? '')
  }
}
