import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from './basics/root.ts';

/** What the operator may set; README.md has the same table in words. */
const schema = z.object({
	NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
	HOST: z.string().min(1).default('127.0.0.1'),
	PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
	ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
	DATA_DIR: z.string().min(1).default('.data'),
	SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
	MAIL_FROM: z.string().includes('@').default('CityPeers <no-reply@citypeers.example>'),
	DEMO: z.enum(['yes', 'no']).optional(),
	LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info')
});

const said: Record<keyof z.infer<typeof schema>, string> = {
	NODE_ENV: 'development, test or production',
	HOST: 'an address to listen on, such as 127.0.0.1 or 0.0.0.0',
	PORT: 'a whole number from 0 to 65535',
	ORIGIN: 'the address people type, such as https://peers.example.org',
	DATABASE_URL: 'a PostgreSQL address, such as postgres://user:secret@host:5432/citypeers',
	DATA_DIR: 'a folder that this user may write to',
	SMTP_URL: 'a mail server, such as smtps://user:secret@mail.example.org:465',
	MAIL_FROM: 'a sender with an address, such as CityPeers <peers@example.org>',
	DEMO: 'yes or no',
	LOG_LEVEL: 'debug, info, warn, error or silent'
};

export interface Env {
	host: string;
	port: number;
	/** The one address of this site: scheme, host and port without a path. With PORT=0 it is known after listening. */
	origin: string;
	/** Real people are served: no mailbox page, no demo network. */
	production: boolean;
	databaseUrl: string | undefined;
	dataDir: string;
	smtpUrl: string | undefined;
	mailFrom: string;
	demo: boolean;
	logLevel: z.infer<typeof schema>['LOG_LEVEL'];
}

/**
 * Reads the environment, the only place that does.
 * @throws Error with one sentence a variable that is wrong, naming it; what was set is not repeated, it may be a secret.
 */
export function readEnv(raw: NodeJS.ProcessEnv = process.env): Env {
	// An empty variable means "not set", as operators' templates write it.
	const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim() !== ''));
	const found = schema.safeParse(given);
	if (!found.success) {
		const names = [...new Set(found.error.issues.map((issue) => String(issue.path[0]) as keyof typeof said))];
		throw new Error(names.map((name) => `${name} must be ${said[name]}.`).join('\n'));
	}
	const env = found.data;
	const origin = new URL(env.ORIGIN ?? `http://localhost:${env.PORT}`).origin;
	// A site that others can reach must never show its mailbox, whatever NODE_ENV was forgotten to say.
	const production = env.NODE_ENV === 'production' || !isLoopback(new URL(origin).hostname) || !isLoopback(env.HOST);
	return {
		host: env.HOST,
		port: env.PORT,
		origin,
		production,
		databaseUrl: env.DATABASE_URL,
		dataDir: path.resolve(projectRoot, env.DATA_DIR),
		smtpUrl: env.SMTP_URL,
		mailFrom: env.MAIL_FROM,
		demo: env.DEMO ? env.DEMO === 'yes' : !production,
		logLevel: env.LOG_LEVEL
	};
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What adapter-node reads by itself when its handler is loaded; to be called before. */
export function prepareHandlerEnv(): void {
	process.env.PROTOCOL_HEADER = 'x-forwarded-proto';
	process.env.BODY_SIZE_LIMIT = '12M';
}
