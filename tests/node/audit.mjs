// Prints the audits of GraphQL over HTTP that a server does not pass, and how many it does.
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
const results = await Promise.all(serverAudits({ url }).map((audit) => audit.fn()));
const failed = results.filter(({ status }) => status !== 'ok');
for (const { id, name, status, reason } of failed) console.error(`${id} ${name}: ${status}, ${reason}`);
console.log(`${results.length - failed.length} of ${results.length}`);
