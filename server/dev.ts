import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setRunningBackend } from '../src/running.ts';
import { seedWhenNew } from './commands/seed-when-new.ts';
import { readEnv } from './env.ts';
import { openSockets } from './live/sockets.ts';
import { openBackend, openDatabase } from './opening.ts';
import { welcome } from './welcome.ts';

/**
 * Dev only, loaded through Kit's module runner: opens database, backend and sockets on Vite's HTTP server.
 * A change under server/ is served by Vite's restart (`r` in its console); pages and components change in place.
 * @returns the undo, which a restart of Vite needs
 */
export async function start(http: HttpServer): Promise<() => Promise<void>> {
	const env = readEnv();
	const say = (line: string) => console.log(line);
	const { port } = http.address() as AddressInfo;
	env.origin = `http://localhost:${port}`;
	const database = await openDatabase(env, say);
	const { backend, sql, close } = await openBackend(env, database.url);
	setRunningBackend(backend);
	if (env.demo) await seedWhenNew(sql, backend.parts.now(), say);
	// Vite listens under several names in dev; the origin is checked in what is deployed.
	const sockets = openSockets(backend, { origin: env.origin, checkOrigin: false });
	sockets.io.attach(http, { destroyUpgrade: false });
	await welcome(backend, { origin: env.origin, say });
	return async () => {
		setRunningBackend(undefined);
		// Not io.close(): that would close Vite's own server.
		sockets.io.disconnectSockets(true);
		sockets.io.engine.close();
		await close();
		await database.stop();
	};
}
