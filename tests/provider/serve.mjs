// The certified provider of the tests, on loopback. Its one argument is JSON: port, client, secret, back (our
// address), userinfo. Whoever signs in says with the login who they are: the part before a dash is the role.
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const told = JSON.parse(process.argv[2]);
const require = createRequire(pathToFileURL(`${process.cwd()}/x.js`));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const issuer = `http://127.0.0.1:${told.port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: told.client,
      client_secret: told.secret,
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
      redirect_uris: [`${told.back}/sign-in/back`],
      post_logout_redirect_uris: [`${told.back}/sign-out/done`],
      backchannel_logout_uri: `${told.back}/sign-out/told`,
      backchannel_logout_session_required: true,
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'of-tests', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['a key of the tests'] },
  pkce: { required: () => true },
  conformIdTokenClaims: told.userinfo === true,
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], roles: ['roles'] },
  scopes: ['openid', 'profile', 'email', 'roles'],
  async findAccount(_ctx, id) {
    return {
      accountId: id,
      claims: async () => ({
        sub: id,
        name: `Person ${id}`,
        email: `${id}@plan.example`,
        email_verified: true,
        roles: [id.split('-')[0]],
      }),
    };
  },
  extraTokenClaims: async () => ({ roles: ['analyst'] }),
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: async (_ctx, audience) => ({
        scope: 'reachboard.read',
        audience,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  // Without this it asks no address of loopback, which is right outside tests.
  fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
});

provider.listen(told.port, '127.0.0.1', () => console.log('ready'));
