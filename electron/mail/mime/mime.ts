// The door of the MIME room: everything that turns the bytes of mail into data and hostile HTML into a page fit to show.
export { parseHeaders, type AutomaticKind, type ListUnsubscribe, type ParsedHeaders } from './headers.ts'
export { extractAttachment, parseMessage, type ExtractedAttachment, type ParsedAttachment, type ParsedMessage, type ParseOptions, type ParseProblem } from './parse-message.ts'
export { htmlToText } from './html-text.ts'
export { snippetOf, splitQuoted, type TextSplit } from './quoted-text.ts'
export { messageCsp, messageDocument, type DocumentInput, type MessageDocument } from './message-document.ts'
export { safeHtml, type SafeHtml, type SafeHtmlOptions } from './safe-html.ts'
export { createParsePool, type PackedMessage, type ParseOutcome, type ParsePool, type ParsePoolOptions, type UnparsableReason } from './parse-pool.ts'
export { attachmentKind, isDangerous, safeFilename } from './attachment-kind.ts'
