// The browser's store under a name of our own: another GraphiQL of the same origin keeps its tabs
// there too, and what is kept wins over the tabs that this page brings.
export function storage(prefix) {
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix))
  return {
    get length() {
      return names().length
    },
    getItem: (name) => localStorage.getItem(prefix + name),
    setItem: (name, value) => localStorage.setItem(prefix + name, value),
    removeItem: (name) => localStorage.removeItem(prefix + name),
    clear: () => names().forEach((name) => localStorage.removeItem(name)),
  }
}
