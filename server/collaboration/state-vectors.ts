import { Refusal } from '#domain/basics/refusal.ts';
import { wireLimits } from '#domain/collaboration/wire.ts';
import type { Sql } from '../basics/database.ts';
import { documentById, rowsSince, snapshotOf } from './documents.sql.ts';
import { type DecodedUpdate, decodedUpdate, fits } from './update-check.ts';

/** Documents whose state vector is held, the least recently written out first. */
const vectorsHeld = 1_000;

/** How far a document goes: the next clock of each client that wrote in it. */
interface StateVector {
	clocks: Map<number, number>;
	/** Stretches in the log that begin beyond their client's clock: what they follow was sent, and not stored yet. */
	early: { client: number; clock: number; end: number }[];
	/** Every row up to this one is in; rows that came through this process are in before that. */
	upto: number;
	bytes: number;
}

export interface StateVectors {
	/**
	 * Checks that an update follows what is in its document, and counts it in: Yjs keeps what does not follow for later,
	 * unseen, or throws at it. One such row in the log, and nobody could open the document any more.
	 * @throws Refusal conflict when it does not follow, too-large when the document would be
	 */
	follow(documentId: string, update: DecodedUpdate, bytes: number): Promise<void>;
	/** Forgets a count that holds what the log does not. */
	forget(documentId: string): void;
}

export function makeStateVectors(sql: Sql): StateVectors {
	const vectors = new Map<string, Promise<StateVector>>();

	async function load(documentId: string): Promise<StateVector> {
		const document = await documentById(sql, documentId);
		if (!document) throw new Refusal('not-found');
		const snapshot = await snapshotOf(sql, documentId);
		const vector: StateVector = { clocks: new Map(), early: [], upto: snapshot?.upto ?? 0, bytes: document.bytes };
		if (snapshot) count(vector, decodedUpdate(snapshot.data));
		await catchUp(documentId, vector);
		return vector;
	}

	async function catchUp(documentId: string, vector: StateVector): Promise<void> {
		for (const row of await rowsSince(sql, documentId, vector.upto)) {
			count(vector, decodedUpdate(row.data));
			vector.upto = row.seq;
		}
	}

	function held(documentId: string): Promise<StateVector> {
		const vector = vectors.get(documentId) ?? load(documentId);
		vectors.delete(documentId);
		vectors.set(documentId, vector);
		vector.catch(() => vectors.delete(documentId));
		if (vectors.size > vectorsHeld) vectors.delete(vectors.keys().next().value!);
		return vector;
	}

	return {
		async follow(documentId, update, bytes) {
			for (let tries = 1; ; tries++) {
				const vector = await held(documentId);
				if (vector.bytes + bytes > wireLimits.document) throw new Refusal('too-large');
				if (fits(update, (client) => vector.clocks.get(client) ?? 0)) {
					count(vector, update);
					vector.bytes += bytes;
					return;
				}
				if (tries > 1) throw new Refusal('conflict');
				// What it follows may have been stored by another process.
				await catchUp(documentId, vector);
			}
		},
		forget: (documentId) => void vectors.delete(documentId)
	};
}

function count(vector: StateVector, update: DecodedUpdate): void {
	for (const { id, length } of update.structs)
		vector.early.push({ client: id.client, clock: id.clock, end: id.clock + length });
	for (let more = true; more;) {
		more = false;
		vector.early = vector.early.filter(({ client, clock, end }) => {
			const held = vector.clocks.get(client) ?? 0;
			if (clock > held) return true;
			vector.clocks.set(client, Math.max(held, end));
			more = true;
			return false;
		});
	}
}
