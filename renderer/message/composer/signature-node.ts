// The signature is a part of the text of its own, so that it can be swapped when the sender changes. It can be written in
// like any other text.
import { Node } from '@tiptap/core'

export const SignatureNode = Node.create({
  name: 'signature',
  group: 'block',
  content: 'block+',
  defining: true,
  addAttributes() {
    return {
      id: {
        default: '',
        parseHTML: (element) => element.getAttribute('data-signature') ?? '',
        renderHTML: (attributes) => ({ 'data-signature': String(attributes['id']) }),
      },
    }
  },
  parseHTML() {
    return [{ tag: 'div[data-signature]' }]
  },
  renderHTML({ HTMLAttributes }) {
    return ['div', HTMLAttributes, 0]
  },
})
