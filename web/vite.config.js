import { gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'
import { fingerprint } from './fingerprint.js'

const COMPRESSED = /\.(css|html|js)$/

// What compresses is kept compressed alone: a client that takes no gzip is rare, and served anyway.
const compressed = {
  name: 'compressed',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!COMPRESSED.test(name)) continue
        delete bundle[name]
        const source = gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 })
        this.emitFile({ type: 'asset', fileName: `${name}.gz`, source })
      }
      this.emitFile({ type: 'asset', fileName: 'sources.sha256', source: `${fingerprint()}\n` })
    },
  },
}

export default defineConfig({
  // Relative, so that the page also works behind a path prefix.
  base: './',
  build: {
    outDir: '../server/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licences.md' },
    rolldownOptions: {
      // Of React's server components, which there are none of here.
      onLog: (level, log, next) => log.code === 'MODULE_LEVEL_DIRECTIVE' || next(level, log),
    },
  },
  worker: { format: 'es' },
  plugins: [compressed],
})
