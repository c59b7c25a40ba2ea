// A certified OpenID provider for the tests, on loopback, with its own login page.
// Reads one JSON object from standard input:
//   { port, clientId, clientSecret, redirectUris, claim, accounts: [{ sub, number, name }] }
// The subject is random-looking and the person number stands in a claim of its own, as many
// campus providers have it. Prints "ready" when it listens.
import http from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

const settings = JSON.parse(await text(process.stdin));
const issuer = `http://127.0.0.1:${settings.port}`;
const accounts = new Map(settings.accounts.map((account) => [account.number, account]));
const bySubject = new Map(settings.accounts.map((account) => [account.sub, account]));

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      redirect_uris: settings.redirectUris,
      post_logout_redirect_uris: settings.redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  findAccount: (context, subject) => {
    const account = bySubject.get(subject);
    return account && {
      accountId: subject,
      claims: () => ({ sub: subject, name: account.name, [settings.claim]: account.number }),
    };
  },
  claims: { openid: ['sub', settings.claim], profile: ['name'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['only-for-tests'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  // Nobody is asked for consent: the college is both provider and client.
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<title>统一身份认证</title><form method="post" action="/interaction/${uid}">
<label>学工号 <input name="number" required></label><button type="submit">登录</button></form>`;

const callback = provider.callback();
http.createServer(async (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (!pathname.startsWith('/interaction/')) return callback(request, response);
  if (request.method === 'GET') {
    const { uid } = await provider.interactionDetails(request, response);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page(uid));
  }
  const account = accounts.get(new URLSearchParams(await text(request)).get('number'));
  const result = account
    ? { login: { accountId: account.sub } }
    : { error: 'access_denied', error_description: 'unknown account' };
  return provider.interactionFinished(request, response, result);
}).listen(settings.port, '127.0.0.1', () => console.log('ready'));
