// The explorer: GraphiQL with a sign-in above it. Tokens stay in this tab and are renewed when they run out.
"use strict";

const EXAMPLE = `# The first customers with what is going on around them: one request, one SQL statement.
# Sign in above, then press Ctrl-Enter. The tab "Docs" on the left knows every field of your tenant.
query Customers {
  customers(first: 5, orderBy: [{createdAt: DESC}]) {
    totalCount
    nodes {
      name
      phone
      owner { name department { name } }
      opportunities(first: 3, orderBy: [{amount: DESC}]) {
        nodes { name stage stageLabel amount { amount currency } }
      }
    }
  }
  opportunitiesAggregate(groupBy: [{stage: true}]) {
    group { stage }
    count
    sum { amount { amount currency } }
  }
}
`;
const SIGN_IN = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken expiresAt } }";
const REFRESH =
  "mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { accessToken refreshToken expiresAt } }";
const KEY = "kezhi.session";
const EARLY_MILLISECONDS = 30_000;

const form = document.getElementById("sign-in");
const who = document.getElementById("who");
const signOut = document.getElementById("sign-out");
const language = navigator.language.startsWith("zh") ? "zh" : "en";
let session = JSON.parse(sessionStorage.getItem(KEY) || "null");

const send = async (tenant, body, token, headers = {}) => {
  const named = { ...headers, "content-type": "application/json", accept: "application/graphql-response+json" };
  if (tenant) named["x-tenant"] = tenant;
  if (token) named.authorization = `Bearer ${token}`;
  const response = await fetch("/graphql", { method: "POST", headers: named, body: JSON.stringify(body) });
  return response.json();
};

const keep = (next) => {
  session = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
  signOut.hidden = !next;
  who.className = "";
  who.textContent = next ? `${next.email} · ${next.tenant}` : "";
};

const renewed = async () => {
  if (!session || Date.parse(session.expiresAt) - Date.now() > EARLY_MILLISECONDS) return session;
  const input = { refreshToken: session.refreshToken };
  const answer = await send(session.tenant, { query: REFRESH, variables: { input } });
  keep(answer.data?.refreshToken ? { ...session, ...answer.data.refreshToken } : null);
  return session;
};

const fetcher = async (body, options = {}) => {
  const current = await renewed();
  return send(current?.tenant || form.tenant.value, body, current?.accessToken, options.headers);
};

const show = () => {
  const element = React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: EXAMPLE,
    shouldPersistHeaders: false,
    // A new key asks for the schema again: who signs in sees another one.
    key: session ? `${session.tenant} ${session.email}` : "nobody",
  });
  root.render(element);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { tenant, email, password } = Object.fromEntries(new FormData(form));
  const answer = await send(tenant, { query: SIGN_IN, variables: { input: { email, password } } });
  if (answer.data?.signIn) {
    form.password.value = "";
    keep({ ...answer.data.signIn, tenant, email });
    show();
  } else {
    who.className = "failed";
    who.textContent = answer.errors?.[0]?.message || "?";
  }
});

signOut.addEventListener("click", () => {
  keep(null);
  show();
});

for (const element of document.querySelectorAll(`[data-${language}]`)) element.textContent = element.dataset[language];
document.documentElement.lang = language;
const host = location.hostname.split(".");
form.tenant.value = session?.tenant || (host.length > 1 && host.at(-1) === "localhost" ? host[0] : "demo");
form.email.value = session?.email || "admin@demo.example";
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
keep(session);
show();
