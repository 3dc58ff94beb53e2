export function FolderPane() {
  return <nav className="h-full bg-canvas" />
}
