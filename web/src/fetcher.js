import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { getOperationAST } from 'graphql'
import { createClient } from 'graphql-ws'

// Questions go by HTTP; a subscription by a WebSocket, which is opened for the first of them.
export function fetcher(url) {
  const ask = createGraphiQLFetcher({ url })
  const client = createClient({ url: url.replace(/^http/, 'ws') })
  return (operation, options) => {
    const document = options?.documentAST
    const asked = document && getOperationAST(document, operation.operationName)
    return asked?.operation === 'subscription' ? subscribe(client, operation) : ask(operation, options)
  }
}

function subscribe(client, operation) {
  const events = client.iterate(operation)
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
