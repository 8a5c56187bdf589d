import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setRunningBackend } from '../src/running.ts';
import { prepareHandlerEnv, readEnv } from './env.ts';
import { startClock } from './jobs/clock.ts';
import { openSockets } from './live/sockets.ts';
import { openBackend, openDatabase } from './opening.ts';
import { isReachable } from './basics/reachable.sql.ts';
import { seedWhenNew } from './commands/seed-when-new.ts';
import { welcome } from './welcome.ts';

/** How long requests that are under way may take once the end was asked for, in ms. */
const drainMs = 4_000;

type Handler = (request: IncomingMessage, response: Parameters<RequestListener>[1], next: () => void) => void;

async function main(): Promise<void> {
	const env = readEnv();
	prepareHandlerEnv();
	const say = (line: string) => console.log(line);

	let closing = false;
	let ready = false;
	let handler = undefined as Handler | undefined;
	let origin = new URL(env.origin);

	const server = createServer((request, response) => {
		if (closing) response.setHeader('connection', 'close');
		if (request.url === '/healthz')
			return void healthy().then((well) =>
				response.writeHead(well ? 200 : 503, { 'cache-control': 'no-store' }).end(well ? 'ok' : 'not ready')
			);
		if (!ready || !handler) return void response.writeHead(503, { 'retry-after': '5' }).end('Starting.');
		// One origin, known at run time: Kit derives its url and its check of foreign forms from these two.
		request.headers.host = origin.host;
		request.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1);
		handler(request, response, () => void response.writeHead(404).end());
	});
	server.keepAliveTimeout = 65_000;
	server.requestTimeout = 60_000;

	const database = await openDatabase(env, say);
	const { backend, sql, close } = await openBackend(env, database.url);
	setRunningBackend(backend);
	if (env.demo) await seedWhenNew(sql, backend.parts.now(), say);
	// Loaded by its place beside this file: the handler is another input of the same build.
	const loaded = (await import(/* @vite-ignore */ new URL('./handler.js', import.meta.url).href)) as {
		handler: Handler;
	};
	handler = loaded.handler;
	const stopClock = await startClock(backend.parts, database.url);
	// Last of all the doors: whoever gets through finds everything behind them open.
	await new Promise<void>((listening, failed) => {
		server.once('error', failed);
		server.listen(env.port, env.host, listening);
	});
	const port = (server.address() as AddressInfo).port;
	if (env.port === 0) origin = new URL(`http://localhost:${port}`);
	backend.parts.env.origin = origin.origin;

	const sockets = openSockets(backend, { origin: origin.origin, checkOrigin: true });
	// Pages first: a socket that comes back makes its page ask again at once, and must not be told "Starting".
	ready = true;
	sockets.io.attach(server, { destroyUpgrade: true });

	async function healthy(): Promise<boolean> {
		if (!ready || closing) return false;
		return isReachable(sql);
	}

	async function shutdown(signal: string): Promise<void> {
		if (closing) return;
		closing = true;
		say(`${signal}: finishing what is under way.`);
		const force = setTimeout(() => server.closeAllConnections(), drainMs);
		force.unref();
		// A connection that answers its last request meanwhile is idle only then.
		const idle = setInterval(() => server.closeIdleConnections(), 100);
		idle.unref();
		// Browsers are told to come back elsewhere; updates that arrived are stored and acknowledged first.
		await sockets.close();
		server.closeIdleConnections();
		if (server.listening) await new Promise<void>((closed) => server.close(() => closed()));
		await stopClock();
		await close();
		await database.stop();
		say('Stopped.');
		process.exit(0);
	}
	for (const signal of ['SIGTERM', 'SIGINT'] as const)
		process.on(signal, () => {
			shutdown(signal).catch((fault: unknown) => {
				console.error(fault);
				process.exit(1);
			});
		});
	// A driver that loses its connection in the wrong moment throws where nobody can catch it (porsager/postgres#1208).
	// Everything acknowledged is on disk: ending, to be started again, is safer than going on half alive.
	process.on('uncaughtException', (fault) => {
		backend.parts.log.fault('the process cannot go on', fault);
		process.exit(1);
	});
	process.on('unhandledRejection', (fault) => backend.parts.log.fault('a promise nobody waited for failed', fault));

	await welcome(backend, { origin: origin.origin, say });
}

main().catch((fault: unknown) => {
	// A sentence for the operator where it is one of ours; the stack only when nobody foresaw it.
	console.error(fault instanceof Error ? fault.message : fault);
	process.exit(1);
});
