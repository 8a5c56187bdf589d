import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding';
import { z } from 'zod';
import { Refusal } from '#domain/basics/refusal.ts';

/** The presence clients of one connection: the last clock of each, and what it showed last, as the server stamped it. */
export type PresenceClients = Map<number, { clock: number; shown: string }>;

/** Client ids one connection may show: a tab has one; a reload in place may leave another behind. */
const clientsPerConnection = 3;
const place = z.object({ client: z.int().min(0), clock: z.int().min(0) }).nullish();
const position = z
	.object({ type: place, tname: z.string().max(100).nullish(), item: place, assoc: z.int().optional() })
	.refine(({ type, tname, item }) => type ?? tname ?? item);
/**
 * What a presence may say besides who it is: where the cursor stands, as two relative positions of Yjs. Anything else
 * would be thrown at by the editors of all who are here.
 */
const shownState = z.object({ cursor: z.object({ anchor: position, head: position }).nullish() }).nullable();

/**
 * Reads a presence message of the awareness protocol (y-protocols/awareness) and writes it again with the name and
 * colour that the server knows, so that nobody can appear as somebody else.
 * @param isTaken whether a client id is somebody else's: nobody moves another's cursor
 * @param nextClock a higher number each time, which orders what others are told
 * @throws Refusal bad-request when it cannot be read, conflict when it shows a client that is not this connection's
 */
export function stampPresence(
	data: Uint8Array,
	clients: PresenceClients,
	isTaken: (client: number) => boolean,
	user: { name: string; city: string; colour: string },
	nextClock: () => number
): Uint8Array {
	const encoder = createEncoder();
	try {
		const decoder = createDecoder(data);
		const count = readVarUint(decoder);
		if (count > clientsPerConnection) throw new Refusal('conflict');
		writeVarUint(encoder, count);
		for (let index = 0; index < count; index++) {
			const client = readVarUint(decoder);
			readVarUint(decoder);
			const state = shownState.parse(JSON.parse(readVarString(decoder)));
			if (!clients.has(client) && (clients.size >= clientsPerConnection || isTaken(client)))
				throw new Refusal('conflict');
			const shown = JSON.stringify(
				state && { ...state, user: { name: user.name, city: user.city, color: user.colour } }
			);
			const clock = nextClock();
			writeVarUint(encoder, client);
			writeVarUint(encoder, clock);
			writeVarString(encoder, shown);
			clients.set(client, { clock, shown });
		}
	} catch (fault) {
		if (fault instanceof Refusal) throw fault;
		throw new Refusal('bad-request');
	}
	return toUint8Array(encoder);
}

/** The message that takes a connection's cursors away for everybody else. */
export function leavingPresence(clients: PresenceClients, nextClock: () => number): Uint8Array | undefined {
	if (clients.size === 0) return undefined;
	const encoder = createEncoder();
	writeVarUint(encoder, clients.size);
	for (const client of clients.keys()) {
		writeVarUint(encoder, client);
		writeVarUint(encoder, nextClock());
		writeVarString(encoder, 'null');
	}
	return toUint8Array(encoder);
}

/** Who is here already, for somebody who comes: the last states of other connections in one message. */
export function presentStates(others: PresenceClients[]): Uint8Array | undefined {
	const states = others.flatMap((clients) => [...clients]).filter(([, { shown }]) => shown !== 'null');
	if (states.length === 0) return undefined;
	const encoder = createEncoder();
	writeVarUint(encoder, states.length);
	for (const [client, { clock, shown }] of states) {
		writeVarUint(encoder, client);
		writeVarUint(encoder, clock);
		writeVarString(encoder, shown);
	}
	return toUint8Array(encoder);
}
