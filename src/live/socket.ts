import { io, type Socket } from 'socket.io-client';
import type { Answered, ToBrowser, ToServer } from '#domain/collaboration/wire.ts';

export type LiveSocket = Socket<ToBrowser, ToServer>;

/** How long a connection may take to open before the other way is tried, in ms. */
const openingMs = 6_000;

let shared: LiveSocket | undefined;

/**
 * The one connection of this tab. Websocket first; where a city's firewall blocks it, long polling, which Socket.IO
 * is told to try when the websocket fails.
 */
export function liveSocket(): LiveSocket {
	if (shared) return shared;
	const socket: LiveSocket = io({
		transports: ['websocket', 'polling'],
		tryAllTransports: true,
		timeout: openingMs,
		reconnectionDelayMax: 5_000
	});
	let wasConnected = false;
	socket.on('connect', () => (wasConnected = true));
	// A server that ends the connection itself (a deploy, a change of rights) is asked again; Socket.IO would not.
	socket.on('disconnect', (reason) => {
		if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 500 + Math.random() * 1_500);
	});
	// Refused by the server (signed out, or it is not ready): Socket.IO gives up by itself, we come back slowly.
	socket.on('connect_error', () => {
		// Some firewalls do not refuse a websocket but let it hang: polling first then, and a websocket only if it opens.
		if (!wasConnected) socket.io.opts.transports = ['polling', 'websocket'];
		if (!socket.active) setTimeout(() => socket.connect(), 3_000 + Math.random() * 4_000);
	});
	return (shared = socket);
}

/** How long an answer may take before the connection counts as lost, in ms. */
const patienceMs = 10_000;

/** Sends a request and waits for its answer. @throws when there is none in time, or the connection is gone */
export async function ask<Reply extends object>(event: keyof ToServer, request: object): Promise<Answered<Reply>> {
	const socket = liveSocket();
	return (await socket
		.timeout(patienceMs)
		.emitWithAck(event as 'document:join', request as never)) as unknown as Answered<Reply>;
}

/** Bytes as they arrive in a browser (ArrayBuffer) or in a test on Node (Buffer). */
export function bytesOf(data: ArrayBuffer | Uint8Array): Uint8Array {
	return data instanceof Uint8Array
		? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
		: new Uint8Array(data);
}
