import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

// All that the built page is made of; a test of the project computes the same.
export function fingerprint() {
  const hash = createHash('sha256')
  for (const name of files('.').sort()) {
    const text = readFileSync(name)
    hash.update(`${name} ${text.length}\n`).update(text)
  }
  return hash.digest('hex')
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const name = join(folder, entry.name)
      return entry.isDirectory() ? files(name) : [name]
    })
}
