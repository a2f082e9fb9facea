// A client of an Etherpad that asks for OAuth tokens, as Etherpad does by default since version 2.
// usage: ETHERPAD_URL=http://127.0.0.1:9001 OAUTH_CLIENT=mock-etherpad OAUTH_SECRET=mock-etherpad-secret node etherpad.mjs

const {
  ETHERPAD_URL: url = 'http://127.0.0.1:9001',
  OAUTH_CLIENT: client = 'mock-etherpad',
  OAUTH_SECRET: secret = 'mock-etherpad-secret',
} = process.env;

let token;

async function getToken() {
  const answer = await fetch(`${url}/oidc/token`, {
    method: 'POST',
    // Etherpad refuses a request without a resource; any absolute URI will do
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret, resource: url }),
  });
  const { access_token, error_description } = await answer.json();
  if (!answer.ok) throw new Error(`Etherpad gives no token: ${error_description}`);
  return access_token;
}

/** Calls a function; when the token is not taken any more, with a new one: it has expired, or Etherpad was started again. */
export async function callEtherpad(name, fields = {}) {
  for (const isLast of [token === undefined, true]) {
    token ??= await getToken();
    const answer = await fetch(`${url}/api/1.2.15/${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: new URLSearchParams(fields),
    });
    const { code, message, data } = await answer.json();
    if (code === 0) return data;
    if (answer.status !== 401 || isLast) throw new Error(`Etherpad refuses ${name}: ${message}`);
    token = undefined;
  }
}

const { groupID } = await callEtherpad('createGroupIfNotExistsFor', { groupMapper: 'class-7b' });
const { authorID } = await callEtherpad('createAuthorIfNotExistsFor', { authorMapper: 'user-42', name: 'Ada' });
const { sessionID } = await callEtherpad('createSession', { groupID, authorID, validUntil: Math.floor(Date.now() / 1000) + 3600 });
console.log(`opened ${sessionID}`);
