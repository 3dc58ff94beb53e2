import { describe, expect, it } from 'vitest'
import { singleWords, wordSpans } from './frame-words.ts'

const found = (text: string, ...words: readonly string[]): readonly string[] => wordSpans(text, words).map(([start, end]) => text.slice(start, end))

describe('finding search words in a text', () => {
  it('finds words by their beginning, in any case', () => {
    expect(found('Kubernetes and kube', 'kube')).toEqual(['Kube', 'kube'])
    expect(found('minikube', 'kube')).toEqual([])
  })

  it('folds accents and keeps the text as it stands', () => {
    expect(found('Café CAFE\u0301S', 'cafe')).toEqual(['Café', 'CAFE\u0301'])
    expect(found('Bjørn Østby', 'ø')).toEqual(['Ø'])
  })

  it('takes the longest of several words that fit', () => {
    expect(found('engineering', 'eng', 'engineer')).toEqual(['engineer'])
  })

  it('keeps offsets right beside emoji and right-to-left letters', () => {
    expect(found('🎉 נועה בן־דוד 🎉', 'נועה')).toEqual(['נועה'])
  })

  it('takes phrases and hyphenated words apart', () => {
    expect(singleWords(['ninety-six', 'Senior Engineer', '–'])).toEqual(['ninety', 'six', 'senior', 'engineer'])
  })
})
