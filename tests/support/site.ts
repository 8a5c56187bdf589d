import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connect, type Sql } from '#server/basics/database.ts';
import { databaseUrl } from './postgres.ts';

/** The built product as a process of its own on a database of its own; can be stopped, killed and started again. */
export interface Site {
	url: string;
	sql: Sql;
	databaseUrl: string;
	start(): Promise<void>;
	/** Asks it to end, and waits until it has. @returns its exit code */
	stop(): Promise<number | null>;
	/** Ends it without a chance to say goodbye. */
	kill(): Promise<void>;
	close(): Promise<void>;
	output(): string;
}

export async function openSite(
	options: { server?: string; template?: 'demo' | 'bare'; env?: Record<string, string> } = {}
): Promise<Site> {
	const server = options.server ?? process.env.STORIES_POSTGRES!;
	const name = `citypeers_${randomUUID().replaceAll('-', '')}`;
	const admin = connect(server, 'tests', 1);
	await admin.unsafe(`create database ${name} template citypeers_${options.template ?? 'demo'}`);
	const ownUrl = databaseUrl(server, name);
	const sql = connect(ownUrl, 'tests', 3);
	const port = await freePort();
	const url = `http://localhost:${port}`;
	let child: ChildProcess | undefined;
	let said = '';

	async function start(): Promise<void> {
		const main = path.join(import.meta.dirname, '../../build/server/main.js');
		const env = {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			HOST: '127.0.0.1',
			PORT: String(port),
			ORIGIN: url,
			DATABASE_URL: ownUrl,
			DEMO: 'no',
			LOG_LEVEL: 'warn',
			...options.env
		};
		const started = spawn(process.execPath, [main], {
			env: env as NodeJS.ProcessEnv,
			stdio: ['ignore', 'pipe', 'pipe']
		});
		child = started;
		for (const stream of [started.stdout, started.stderr])
			stream.on('data', (text: Buffer) => (said += text.toString()));
		for (let tries = 0; tries < 600; tries++) {
			if (started.exitCode !== null) throw new Error(`The server ended at once:\n${said}`);
			if (
				await fetch(`${url}/healthz`).then(
					(answer) => answer.ok,
					() => false
				)
			)
				return;
			await new Promise((wait) => setTimeout(wait, 50));
		}
		throw new Error(`The server did not become ready:\n${said}`);
	}
	async function end(signal: NodeJS.Signals): Promise<number | null> {
		const ending = child;
		if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
		const ended = new Promise<number | null>((exit) => ending.once('exit', (code) => exit(code)));
		ending.kill(signal);
		return ended;
	}
	await start();
	return {
		url,
		sql,
		databaseUrl: ownUrl,
		start,
		stop: () => end('SIGTERM'),
		kill: () => end('SIGKILL').then(() => undefined),
		async close() {
			await end('SIGTERM');
			await sql.end({ timeout: 5 });
			await admin.unsafe(`drop database if exists ${name} with (force)`);
			await admin.end();
		},
		output: () => said
	};
}

async function freePort(): Promise<number> {
	return new Promise((found) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as AddressInfo;
			probe.close(() => found(port));
		});
	});
}
