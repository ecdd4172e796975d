// Listens to a subscription by the protocols' own clients, and prints each event as a line of JSON.
// node listen.mjs ws|sse URL NUMBER QUERY VARIABLES: ends after so many events.
import { createClient as sse } from 'graphql-sse';
import { createClient as ws } from 'graphql-ws';
import WebSocket from 'ws';

const [, , protocol, url, number, query, variables] = process.argv;
const client =
  protocol === 'ws'
    ? ws({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket })
    : sse({ url });
let left = Number(number);
for await (const event of client.iterate({ query, variables: JSON.parse(variables) })) {
  console.log(JSON.stringify(event));
  if (--left === 0) break;
}
await client.dispose();
