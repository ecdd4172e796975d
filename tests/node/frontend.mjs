// Runs an example of a frontend, and prints a segment, then its members whenever they change, as lines of JSON.
// node frontend.mjs EXAMPLE WAY URL SEGMENT NUMBER: ends after so many lines of members.
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket; // browsers have one, and node from 22 on
const [, , example, way, url, key, number] = process.argv;
const { live, segment, [way]: connect } = await import(pathToFileURL(example));
const client = connect(url);
console.log(JSON.stringify(await segment(client, key)));
let left = Number(number);
await new Promise((ended) => {
  const end = live(client, key, (members) => {
    console.log(JSON.stringify([...members]));
    if (--left > 0) return;
    end();
    ended();
  });
});
