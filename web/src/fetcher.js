import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { getOperationAST, parse } from 'graphql'
import { createClient } from 'graphql-ws'

// Questions go by HTTP; a subscription by a WebSocket, which is opened for the first of them.
export function fetcher(url) {
  const ask = createGraphiQLFetcher({ url })
  const client = createClient({ url: url.replace(/^http/, 'ws') })
  return (request, options) => {
    const chosen = operation(request)
    const named = { ...request, operationName: chosen?.name?.value }
    return chosen?.operation === 'subscription' ? subscribe(client, named) : ask(named, options)
  }
}

// GraphiQL's own idea of the name lags behind the text: right after a change of tabs it is that of
// the tab before. Of several operations it is the one under the cursor, and is needed.
function operation({ query, operationName }) {
  try {
    const document = parse(query)
    return getOperationAST(document) ?? getOperationAST(document, operationName)
  } catch {
    return null // What cannot be read is for the server to refuse.
  }
}

function subscribe(client, request) {
  const events = client.iterate(request)
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => events.next().catch(refuse),
    return: () => events.return(),
  }
}

function refuse(reason) {
  throw reason instanceof CloseEvent
    ? new Error(`The server closed the socket: ${reason.code} ${reason.reason}`)
    : reason
}
