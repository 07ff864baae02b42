import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { growth } from '../../support/growth.js';
import { createSecretMasker } from '../../../src/secrets/secret-masker.js';

const password = 'hunter2-ünd-"mehr"';
const githubToken = `ghp_${'a1B2c3D4e5'.repeat(3)}F6G7H8`;
const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

const environment = {
  DB_PASSWORD: password,
  npm_config__authToken: 'aaaa-bbbb-cccc-dddd',
  DEPLOY_KEY: `line one of the key\nline two of the key\n`,
  API_TOKEN: 'short',
  TOKEN_MODE: 'production',
  PWD: '/home/somebody/project',
  SSH_AUTH_SOCK: '/tmp/ssh-agent.123456',
  HARMLESS: 'visible-value-1',
};
const masker = createSecretMasker(environment);

describe('maskValues', () => {
  it.each([
    ['as it is', `the password is ${password}.`, 'the password is ***.'],
    ['in JSON', JSON.stringify({ password }), '{"password":"***"}'],
    ['in a URL', `?p=${encodeURIComponent(password)}&q=1`, '?p=***&q=1'],
    ['in base64', `Basic ${Buffer.from(password).toString('base64')}`, 'Basic ***'],
    ['of a name in mixed case', 'aaaa-bbbb-cccc-dddd', '***'],
    ['line by line', 'x\nline two of the key\ny', 'x\n***\ny'],
  ])('masks a value %s', (_, text, masked) => {
    expect(masker.maskValues(text)).toBe(masked);
  });

  it.each(['short', 'production', '/home/somebody/project', '/tmp/ssh-agent.123456', 'visible-value-1'])(
    'leaves %s, which is no secret, or no more than a word',
    (text) => {
      expect(masker.maskValues(`before ${text} after`)).toBe(`before ${text} after`);
    },
  );

  it.each([
    ['GitHub', githubToken],
    ['GitHub, fine-grained', `github_pat_${'Ab1'.repeat(20)}`],
    ['GitLab', 'glpat-abcdefghij0123456789'],
    ['npm', `npm_${'aB3'.repeat(12)}`],
    ['Slack', 'xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx'],
    ['a Slack webhook', 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'],
    ['AWS', 'AKIAIOSFODNN7ABCDEFG'],
    ['Google', 'AIzaSyA-1234567890abcdefghijklmnopqrstu'],
    ['Stripe', 'sk_live_a1B2c3D4e5F6G7H8i9J0k1L2'],
    ['OpenAI', `sk-proj-${'aB3_'.repeat(12)}`],
    ['Anthropic', `sk-ant-api03-${'Ab1_'.repeat(23)}AA`],
    [
      'a JSON web token',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    ],
    ['a private key', privateKey.trim()],
  ])('masks a token of %s', (_, token) => {
    expect(createSecretMasker({}).maskValues(`x="${token}", y`)).toBe('x="***", y');
  });

  it('masks what stands behind its announcement, and not the announcement', () => {
    const { maskValues } = createSecretMasker({});
    expect(maskValues('postgres://bob:hunter22@db.example.com/x')).toBe('postgres://***@db.example.com/x');
    expect(maskValues('authorization: Bearer abcdefgh12345678')).toBe('authorization: Bearer ***');
    expect(maskValues('//registry.npmjs.org/:_authToken=0000-1111-2222')).toBe(
      '//registry.npmjs.org/:_authToken=***',
    );
  });

  it.each([
    'https://example.com:8080/a@b',
    'task-runner-configuration-of-2025',
    'https://github.com/user/repo.git',
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'npm_package_name',
    'src/secrets/token-patterns.ts',
    '-----BEGIN PUBLIC KEY-----',
  ])('leaves %s', (text) => {
    expect(createSecretMasker({}).maskValues(text)).toBe(text);
  });

  it('knows a variable that was set later', () => {
    const variables: Record<string, string> = {};
    const late = createSecretMasker(() => variables);
    expect(late.maskValues('later-and-secret-1')).toBe('later-and-secret-1');
    variables.MY_SECRET = 'later-and-secret-1';
    expect(late.maskValues('later-and-secret-1')).toBe('***');
  });

  it('changes nothing when it is asked again', () => {
    const once = masker.maskValues(`a ${password} b ${githubToken} c ${privateKey} postgres://u:pass1@h`);
    expect(masker.maskValues(once)).toBe(once);
  });

  it.each([
    ['beginnings of keys', '-----BEGIN PRIVATE KEY-----\n'.repeat(100_000)],
    ['one long word', 'a'.repeat(3_000_000)],
    ['halves of addresses', 'x://a:'.repeat(500_000)],
    ['beginnings of tokens', 'eyJaaaaaaaa.eyJaaaa.'.repeat(100_000)],
  ])('takes time in proportion to %s', (_, text) => {
    const prepare = (eighths: number) => {
      const part = text.slice(0, (text.length * eighths) / 8);
      return () => masker.maskValues(part);
    };
    // Linear is 8, quadratic 64.
    expect(growth(prepare, 1, 8)).toBeLessThan(25);
  });
});

describe('mask', () => {
  it('also masks what secretlint knows', async () => {
    const text = 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY and more';
    expect(await masker.mask(text)).toBe('AWS_SECRET_ACCESS_KEY=*** and more');
  });

  it('takes no orders from the text', async () => {
    const text = `// secretlint-disable\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY`;
    expect(await masker.mask(text)).toContain('AWS_SECRET_ACCESS_KEY=***');
  });
});

describe('maskJson', () => {
  it('masks each text and leaves the rest of the document whole', async () => {
    const value = {
      n: 1,
      none: null,
      list: ['mongodb://bob:hunter2222@db.example.com/x', true],
      [githubToken]: { text: 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY', next: 'x' },
    };
    expect(await masker.maskJson(value)).toEqual({
      n: 1,
      none: null,
      list: ['mongodb://***@db.example.com/x', true],
      '***': { text: 'AWS_SECRET_ACCESS_KEY=***', next: 'x' },
    });
  });
});

describe('a masked stream', () => {
  const output = Buffer.concat([
    Buffer.from(`ok ${password}\nDEPLOY_KEY=line one of the key\nline two of the key\r\n`),
    Buffer.from(`${privateKey}after\n`),
    Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
    Buffer.from(`${'x'.repeat(70_000)} ${githubToken} ${'y'.repeat(70_000)}${password}${'z'.repeat(70_000)}`),
  ]);
  const whole = through([output]);

  it('holds no secret and is otherwise as it was', () => {
    expect(whole.includes(password)).toBe(false);
    expect(whole.includes(githubToken)).toBe(false);
    expect(whole.includes(privateKey.slice(200, 240))).toBe(false);
    expect(whole.toString('latin1')).toContain('after\n\xff\xfe\x00\n');
    expect(whole.toString()).toContain(
      `${'x'.repeat(70_000)} *** ${'y'.repeat(70_000)}***${'z'.repeat(70_000)}`,
    );
  });

  it.each([1, 7, 1_000, 4_096, 65_536])('is the same in chunks of %i bytes', (size) => {
    const chunks = Array.from({ length: Math.ceil(output.length / size) }, (_, at) =>
      output.subarray(at * size, (at + 1) * size),
    );
    expect(through(chunks).equals(whole)).toBe(true);
  });

  it('is the same wherever one cut goes', () => {
    const short = Buffer.from(`ab ${password} cd ${githubToken}`);
    for (let at = 0; at <= short.length; at++)
      expect(through([short.subarray(0, at), short.subarray(at)]).toString()).toBe('ab *** cd ***');
  });

  function through(chunks: readonly Uint8Array[]): Buffer {
    const stream = masker.stream();
    return Buffer.concat([...chunks.map((chunk) => stream.push(chunk)), stream.end()]);
  }
});
