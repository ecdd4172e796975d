import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './page.css'

import { explorerPlugin } from '@graphiql/plugin-explorer'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { fetcher } from './fetcher.js'
import picture from './segraph.svg'
import { storage } from './storage.js'
import { tabs } from './tabs.js'

createRoot(document.getElementById('page')).render(
  <GraphiQL
    // Beside the page, whatever path it is served under.
    fetcher={fetcher(new URL('graphql', document.baseURI).href)}
    defaultTabs={tabs(new Date())}
    plugins={[HISTORY_PLUGIN, explorerPlugin({ hideActions: true })]}
    storage={storage(`segraph:${location.pathname}:`)}
    shouldPersistHeaders={false}
    defaultEditorToolsVisibility={false}
  >
    <GraphiQL.Logo>
      <img className="picture" src={picture} alt="" />
      <span className="name">Segraph</span>
    </GraphiQL.Logo>
  </GraphiQL>,
)
