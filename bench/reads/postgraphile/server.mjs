// PostGraphile 5 on a tenant's schema, its role set for every request. Told by POSTGRAPHILE (JSON): url, schema, role, port.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";

const { url, schema, role, port, connections } = JSON.parse(process.env.POSTGRAPHILE);

// Owners have no foreign key in the database, so they are told; names of relations are made short as in Kezhi.
const people = (table, plural) => ({
  [`${schema}.${table}`]: {
    tags: {
      foreignKey: [
        `(owner_id) references ${schema}.user (id)|@fieldName owner|@foreignFieldName owned_${plural}`,
        `(created_by_id) references ${schema}.user (id)|@fieldName createdBy|@foreignFieldName written_${plural}`,
      ],
    },
  },
});
const toCustomer = (table, plural) => ({
  [`${schema}.${table}.fk_${table}_customer_id`]: { tags: { fieldName: "customer", foreignFieldName: plural } },
});
const tags = {
  version: 1,
  config: {
    class: { ...people("opportunity", "opportunities"), ...people("activity", "activities") },
    constraint: {
      ...toCustomer("contact", "contacts"),
      ...toCustomer("opportunity", "opportunities"),
      ...toCustomer("activity", "activities"),
    },
  },
};

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags(tags)],
  // It would hide conditions and orders whose index is partial, as all of ours over live records are.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [makePgService({ connectionString: url, schemas: [schema], poolConfig: { max: connections } })],
  grafast: { context: () => ({ pgSettings: { role } }), explain: false },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, port },
};
const instance = postgraphile(preset);
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(port, "127.0.0.1");
