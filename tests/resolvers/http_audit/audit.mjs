// Runs the GraphQL-over-HTTP audit against a running server: node audit.mjs URL TENANT TOKEN. Prints one JSON list.
import { auditServer } from "graphql-http";

const [url, tenant, token] = process.argv.slice(2);

const fetchAs = (input, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("x-tenant", tenant);
  headers.set("authorization", `Bearer ${token}`);
  return fetch(input, { ...init, headers });
};

const results = await auditServer({ url, fetchFn: fetchAs });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
