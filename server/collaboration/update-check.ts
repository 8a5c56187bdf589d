import * as Y from 'yjs';
import { Refusal } from '#domain/basics/refusal.ts';
import { wireLimits } from '#domain/collaboration/wire.ts';

/**
 * The client ids an update writes under. `decodeUpdate` reads lazily and rejects malformed bytes cheaply; `applyUpdate`
 * first would let nine bytes cost a second and 250 MB (security-and-reliability.md, finding 1).
 * @throws Refusal bad-request for bytes that are no update, too-large for more structs than anybody types
 */
export function clientsOf(data: Uint8Array): number[] {
	let decoded: ReturnType<typeof Y.decodeUpdate>;
	try {
		decoded = Y.decodeUpdate(data);
	} catch {
		throw new Refusal('bad-request');
	}
	if (decoded.structs.length > wireLimits.structs) throw new Refusal('too-large');
	return [...new Set(decoded.structs.map((struct) => struct.id.client))];
}
