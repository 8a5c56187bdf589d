import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '#server/basics/root.ts';
import { readEnv } from '#server/env.ts';

const sentenceOf = (raw: Record<string, string>): string => {
	try {
		readEnv(raw);
		return 'read';
	} catch (fault) {
		return (fault as Error).message;
	}
};

describe('the environment', () => {
	test('needs nothing: without any variable it is a demo on this machine', () => {
		expect(readEnv({})).toEqual({
			host: '127.0.0.1',
			port: 3000,
			origin: 'http://localhost:3000',
			production: false,
			databaseUrl: undefined,
			dataDir: path.join(projectRoot, '.data'),
			smtpUrl: undefined,
			mailFrom: 'CityPeers <no-reply@citypeers.example>',
			demo: true,
			logLevel: 'info'
		});
	});
	test('takes an empty variable for one that is not set, as templates for operators write it', () => {
		const names = ['NODE_ENV', 'HOST', 'PORT', 'ORIGIN', 'DATABASE_URL', 'DATA_DIR', 'SMTP_URL', 'MAIL_FROM', 'DEMO'];
		expect(readEnv(Object.fromEntries([...names, 'LOG_LEVEL'].map((name) => [name, ''])))).toEqual(readEnv({}));
	});
	test('takes no notice of variables that are not ours', () => {
		expect(readEnv({ PATH: '/bin', npm_config_x: 'y' })).toEqual(readEnv({}));
	});
	test('reads every variable', () => {
		expect(
			readEnv({
				NODE_ENV: 'production',
				HOST: '0.0.0.0',
				PORT: '8080',
				ORIGIN: 'https://peers.example.org',
				DATABASE_URL: 'postgres://user:secret@db:5432/peers',
				DATA_DIR: '/var/lib/citypeers',
				SMTP_URL: 'smtps://user:secret@mail.example.org:465',
				MAIL_FROM: 'peers@example.org',
				DEMO: 'yes',
				LOG_LEVEL: 'warn'
			})
		).toEqual({
			host: '0.0.0.0',
			port: 8080,
			origin: 'https://peers.example.org',
			production: true,
			databaseUrl: 'postgres://user:secret@db:5432/peers',
			dataDir: '/var/lib/citypeers',
			smtpUrl: 'smtps://user:secret@mail.example.org:465',
			mailFrom: 'peers@example.org',
			demo: true,
			logLevel: 'warn'
		});
	});
});

describe('a wrong variable stops the start with a sentence that names it', () => {
	test.each([
		['NODE_ENV', ['prod', 'Production']],
		['PORT', ['abc', '-1', '65536', '80.5', 'NaN']],
		['ORIGIN', ['peers.example.org', 'ftp://peers.example.org', 'https://', '/']],
		['DATABASE_URL', ['mysql://x/y', 'localhost:5432', 'http://db']],
		['SMTP_URL', ['mail.example.org', 'https://mail.example.org']],
		['MAIL_FROM', ['CityPeers', 'no reply']],
		['DEMO', ['true', '1', 'YES']],
		['LOG_LEVEL', ['verbose', 'INFO']]
	])('%s', (name, values) => {
		for (const value of values) {
			expect(sentenceOf({ [name]: value }), value).toMatch(new RegExp(`^${name} must be .+\\.$`));
			expect(sentenceOf({ [name]: value }).split('\n')).toHaveLength(1);
		}
	});
	test('all that are wrong are named, a line each', () => {
		const lines = sentenceOf({ PORT: 'x', ORIGIN: 'x', DEMO: 'x' }).split('\n');
		expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['DEMO', 'ORIGIN', 'PORT']);
	});
	test('what was set is not repeated: it may be a secret', () => {
		const sentence = sentenceOf({
			DATABASE_URL: 'mysql://user:hunter2@db/x',
			SMTP_URL: 'mailto:hunter2@example.org',
			DEMO: 'hunter2'
		});
		expect(sentence).toContain('DATABASE_URL');
		expect(sentence).not.toContain('hunter2');
	});
});

describe('the origin', () => {
	test.each([
		['https://peers.example.org/some/path?x#y', 'https://peers.example.org'],
		['https://peers.example.org:443/', 'https://peers.example.org'],
		['http://localhost:5173', 'http://localhost:5173'],
		['https://Peers.Example.ORG', 'https://peers.example.org']
	])('of %s is %s: scheme, host and port', (given, origin) => {
		expect(readEnv({ ORIGIN: given }).origin).toBe(origin);
	});
	test('that is not given is this machine at the port', () => {
		expect(readEnv({ PORT: '4000' }).origin).toBe('http://localhost:4000');
		expect(readEnv({ PORT: '80' }).origin).toBe('http://localhost');
	});
});

describe('real people are served', () => {
	test.each([
		{ raw: { NODE_ENV: 'production' }, why: 'when the operator says so' },
		{ raw: { ORIGIN: 'https://peers.example.org' }, why: 'at an address that others can reach' },
		{ raw: { ORIGIN: 'http://192.168.1.5:3000' }, why: 'on an office network' },
		{ raw: { ORIGIN: 'http://localhost.example.org' }, why: 'at a name that only begins like this machine' },
		{ raw: { HOST: '0.0.0.0' }, why: 'when every address of the machine is listened on' },
		{ raw: { HOST: '::' }, why: 'the same in the newer protocol' },
		{ raw: { HOST: '10.0.0.7' }, why: 'on one address that others can reach' },
		{ raw: { NODE_ENV: 'development', HOST: '0.0.0.0' }, why: 'whatever NODE_ENV says' },
		{ raw: { NODE_ENV: 'test', ORIGIN: 'https://peers.example.org' }, why: 'whatever NODE_ENV says of the address' }
	])('$why', ({ raw }) => {
		const env = readEnv(raw);
		expect(env.production).toBe(true);
		expect(env.demo).toBe(false);
		expect(readEnv({ ...raw, DEMO: 'yes' }).demo).toBe(true);
	});
	test.each([
		{},
		{ NODE_ENV: 'test' },
		{ ORIGIN: 'http://localhost:5173' },
		{ ORIGIN: 'http://127.0.0.1:3000' },
		{ ORIGIN: 'http://[::1]:3000', HOST: '::1' },
		{ HOST: 'localhost' },
		{ HOST: '127.0.0.2' }
	])('not with %j', (raw) => {
		expect(readEnv(raw)).toMatchObject({ production: false, demo: true });
		expect(readEnv({ ...raw, DEMO: 'no' })).toMatchObject({ production: false, demo: false });
	});
});

test('the data folder lies in the project unless it is a path of its own', () => {
	expect(readEnv({ DATA_DIR: 'data/here' }).dataDir).toBe(path.join(projectRoot, 'data/here'));
	expect(readEnv({ DATA_DIR: '/srv/peers' }).dataDir).toBe('/srv/peers');
});
