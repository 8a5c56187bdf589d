import * as Y from 'yjs';
import { Refusal } from '#domain/basics/refusal.ts';
import { wireLimits } from '#domain/collaboration/wire.ts';

/** One tab writes under one id; what a tab before it left unsent travels as updates of their own. */
const clientsPerUpdate = 8;

export type DecodedUpdate = ReturnType<typeof Y.decodeUpdate>;

/**
 * Reads an update. `decodeUpdate` reads lazily and rejects malformed bytes cheaply; `applyUpdate` first would let nine
 * bytes cost a second and 250 MB (security-and-reliability.md, finding 1).
 * @throws Refusal bad-request for bytes that are no update; too-large for more structs than anybody types
 */
export function decodedUpdate(data: Uint8Array): DecodedUpdate {
	let update: DecodedUpdate;
	try {
		update = Y.decodeUpdate(data);
	} catch {
		throw new Refusal('bad-request');
	}
	if (update.structs.length > wireLimits.structs) throw new Refusal('too-large');
	// Yjs never writes nothing; reading it, it cannot write its own document any more.
	const saysNothing =
		update.structs.some((struct) => struct.length === 0) || rangesOf(update).some(({ range }) => range.len === 0);
	if (saysNothing) throw new Refusal('bad-request');
	return update;
}

/** The client ids an update writes under. @throws Refusal too-large for more than anybody is */
export function clientsOf(update: DecodedUpdate): number[] {
	const clients = [...new Set(update.structs.map((struct) => struct.id.client))];
	// Each is looked up in the database; thousands in one update would be an attack on it.
	if (clients.length > clientsPerUpdate) throw new Refusal('too-large');
	return clients;
}

/**
 * Whether an update follows what is there: each stretch of it is wholly new or wholly known, and everything it stands
 * beside or in, or deletes, is there or comes with it. Browsers write nothing else.
 * @param clockOf the next clock of a client, 0 for one that has not written
 */
export function fits(update: DecodedUpdate, clockOf: (client: number) => number): boolean {
	const ends = new Map<number, number>();
	const endOf = (client: number) => ends.get(client) ?? clockOf(client);
	for (const struct of update.structs) {
		const { client, clock } = struct.id;
		const [held, end] = [endOf(client), clock + struct.length];
		if (struct instanceof Y.Skip || clock > held || (clock < held && end > held)) return false;
		ends.set(client, Math.max(held, end));
	}
	const isThere = ({ client, clock }: Y.ID) => clock < endOf(client);
	return (
		// What stands beside or in something of its own author was written after it.
		update.structs.every((struct) =>
			placesOf(struct).every((place) =>
				place.client === struct.id.client ? place.clock < struct.id.clock : isThere(place)
			)
		) && rangesOf(update).every(({ client, range }) => range.clock + range.len <= endOf(client))
	);
}

function placesOf(struct: Y.Item | Y.GC | Y.Skip): Y.ID[] {
	if (!(struct instanceof Y.Item)) return [];
	return [struct.origin, struct.rightOrigin, struct.parent].filter((place) => place instanceof Y.ID);
}

function rangesOf(update: DecodedUpdate) {
	return [...update.ds.clients].flatMap(([client, ranges]) => ranges.map((range) => ({ client, range })));
}
