import type { IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { type RefusalCode, Refusal, refusals } from '#domain/basics/refusal.ts';
import type { ToBrowser, ToServer } from '#domain/collaboration/wire.ts';
import { socketDoors } from '#domain/network/doors.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Backend } from '../backend.ts';
import { sessionCookie } from '../network/cookie.ts';
import { serveDocuments } from './documents.ts';
import { serveTopics } from './topics.ts';

interface SocketData {
	actor: Actor;
	/** Packets that made no sense; a few are a broken browser, more are an attack. */
	strikes: number;
}
export type LiveServer = Server<ToServer, ToBrowser, Record<string, never>, SocketData>;
export type LiveSocket = Socket<ToServer, ToBrowser, Record<string, never>, SocketData>;

/** After this many packets that make no sense the connection ends, and nothing else does. */
const strikesAllowed = 3;
/** The net below the notices: who is connected is asked again this often. */
const recheckMs = 60_000;

/** What every listener gets: answers refusals by code, logs faults, and ends connections that send nonsense. */
export type Guarded = <Request>(
	parse: (raw: unknown) => { success: true; data: Request } | { success: false },
	act: (request: Request) => Promise<object | void>
) => (raw: unknown, answer?: unknown) => void;

/** Opens the socket's door: who asks, and which word serves what. Rights are asked inside, at every packet. */
export function openSockets(
	backend: Backend,
	options: { origin: string; checkOrigin: boolean }
): { io: LiveServer; close(): Promise<void> } {
	const { log, bus } = backend.parts;
	const io: LiveServer = new Server({
		path: '/socket.io',
		serveClient: false,
		// Largest allowed update and its envelope; the default of 1 MB would let strangers fill memory faster.
		maxHttpBufferSize: 400 * 1024,
		destroyUpgrade: false,
		perMessageDeflate: false,
		pingInterval: 10_000,
		pingTimeout: 15_000,
		connectTimeout: 5_000,
		// The "cors" option is no origin check; this is. Browsers send Origin with every websocket and every POST.
		allowRequest: (request, decide) => decide(null, !options.checkOrigin || isOwnOrigin(request, options.origin))
	});

	io.use((socket, next) => {
		backend.network
			.whoIs(sessionCookie(socket.request.headers.cookie))
			.then((actor) => {
				if (!actor) return next(new Error('sign-in-needed' satisfies RefusalCode));
				socket.data.actor = actor;
				socket.data.strikes = 0;
				next();
			})
			.catch((fault: unknown) => {
				log.fault('a connection could not be checked', fault);
				next(new Error('not-ready' satisfies RefusalCode));
			});
	});

	const documents = serveDocuments(backend, io);
	const topics = serveTopics(backend, io);

	io.on('connection', (socket) => {
		const strike = () => {
			if (++socket.data.strikes >= strikesAllowed) socket.disconnect(true);
		};
		const guarded: Guarded = (parse, act) => (raw, answer) => {
			const reply = typeof answer === 'function' ? (answer as (said: object) => void) : () => undefined;
			const refuse = (code: RefusalCode) => reply({ ok: false, code, retry: refusals[code].retry });
			const parsed = parse(raw);
			if (!parsed.success) {
				refuse('bad-request');
				return strike();
			}
			act(parsed.data).then(
				(done) => reply({ ok: true, ...done }),
				(fault: unknown) => {
					if (!(fault instanceof Refusal)) log.fault('a packet could not be served', fault);
					const code = fault instanceof Refusal ? fault.code : 'not-ready';
					refuse(code);
					if (code === 'bad-request') strike();
				}
			);
		};
		// Listeners first, before anything is awaited: packets that come earlier would be lost.
		documents.listen(socket, guarded);
		topics.listen(socket, guarded);
		socket.onAny((event: string) => {
			if (!Object.hasOwn(socketDoors, event)) strike();
		});
		// A browser may send an event of this name too: its words are not for the log.
		socket.on('error', (fault) => void (fault instanceof Error && log.warn('a socket failed', { why: fault })));
	});

	/** Asks again who somebody is; whose session ended is gone at once, whose roles changed keeps only what is left. */
	async function recheck(socket: LiveSocket): Promise<void> {
		const actor = await backend.network.askAgain(socket.data.actor);
		if (!actor) {
			socket.emit('signed-out');
			socket.disconnect(true);
			return;
		}
		socket.data.actor = actor;
		await Promise.all([documents.recheck(socket), topics.recheck(socket)]);
	}
	const all = () => [...io.sockets.sockets.values()];
	/** One after the other; where asking fails for one, the others are asked all the same. */
	async function recheckAll(sockets: LiveSocket[]): Promise<void> {
		for (const socket of sockets)
			await recheck(socket).catch((fault: unknown) => log.fault('asking rights again failed', fault));
	}
	bus.hear(
		'rights',
		({ people }) => void recheckAll(all().filter((socket) => people.includes(socket.data.actor.personId)))
	);
	bus.onGap(() => void recheckAll(all()));
	const timer = setInterval(() => void recheckAll(all()), recheckMs);
	timer.unref();

	return {
		io,
		async close() {
			clearInterval(timer);
			await documents.close();
			await io.close();
		}
	};
}

function isOwnOrigin(request: IncomingMessage, origin: string): boolean {
	if (request.headers.origin) return request.headers.origin === origin;
	// A same-origin GET of long polling carries no Origin; Sec-Fetch-Site says where it comes from, and no page can forge it.
	return request.headers['sec-fetch-site'] === 'same-origin';
}
