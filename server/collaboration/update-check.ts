import * as Y from 'yjs';
import { Refusal } from '#domain/basics/refusal.ts';
import { wireLimits } from '#domain/collaboration/wire.ts';

/** One tab writes under one id; what a tab before it left unsent travels as updates of their own. */
const clientsPerUpdate = 8;

/**
 * The client ids an update writes under. `decodeUpdate` reads lazily and rejects malformed bytes cheaply; `applyUpdate`
 * first would let nine bytes cost a second and 250 MB (security-and-reliability.md, finding 1).
 * @throws Refusal bad-request for bytes that are no update, or one that nobody could apply; too-large for more structs
 * than anybody types, or more clients than anybody is
 */
export function clientsOf(data: Uint8Array): number[] {
	let decoded: ReturnType<typeof Y.decodeUpdate>;
	try {
		decoded = Y.decodeUpdate(data);
	} catch {
		throw new Refusal('bad-request');
	}
	if (decoded.structs.length > wireLimits.structs) throw new Refusal('too-large');
	if (decoded.structs.some((struct) => struct.length === 0 || pointsAhead(struct)) || deletesNothing(decoded.ds))
		throw new Refusal('bad-request');
	const clients = [...new Set(decoded.structs.map((struct) => struct.id.client))];
	// Each is looked up in the database; thousands in one update would be an attack on it.
	if (clients.length > clientsPerUpdate) throw new Refusal('too-large');
	return clients;
}

/**
 * Whether something stands beside or in what its own author wrote only later. Yjs never writes that, and `applyUpdate`
 * throws at it: one such row in the log, and nobody could open the document any more.
 */
function pointsAhead(struct: Y.Item | Y.GC | Y.Skip): boolean {
	if (!(struct instanceof Y.Item)) return false;
	const { client, clock } = struct.id;
	return [struct.origin, struct.rightOrigin, struct.parent].some(
		(place) => place instanceof Y.ID && place.client === client && place.clock >= clock
	);
}

/** A deletion of nothing, which Yjs never writes either: it reads it, and cannot write its own document any more. */
function deletesNothing(deletions: ReturnType<typeof Y.decodeUpdate>['ds']): boolean {
	return [...deletions.clients.values()].some((ranges) => ranges.some((range) => range.len === 0));
}
