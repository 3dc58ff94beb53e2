export function SearchScreen() {
  return null
}

export function SearchField() {
  return null
}
