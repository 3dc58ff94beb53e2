// Where composers can be shown: the conversation on show lends a place to those that answer it; all others are docked.
// A composer moves between its places as it is, with its caret and its history, because its element moves.
import { create } from 'zustand'
import type { DraftId } from '../../../shared/model/ids.ts'

/** Places in the conversation on show, by draft. */
export const usePlaces = create<{ readonly inline: ReadonlyMap<DraftId, HTMLElement>; readonly docked: ReadonlyMap<DraftId, HTMLElement> }>(() => ({ inline: new Map(), docked: new Map() }))

export function lendPlace(kind: 'inline' | 'docked', id: DraftId, element: HTMLElement): () => void {
  usePlaces.setState((places) => ({ [kind]: new Map(places[kind]).set(id, element) }))
  return () => {
    usePlaces.setState((places) => {
      if (places[kind].get(id) !== element) return {}
      const left = new Map(places[kind])
      left.delete(id)
      return { [kind]: left }
    })
  }
}
