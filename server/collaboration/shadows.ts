import * as Y from 'yjs';
import { Refusal } from '#domain/basics/refusal.ts';
import { wireLimits } from '#domain/collaboration/wire.ts';
import type { Sql } from '../basics/database.ts';
import { documentById, rowsSince } from './documents.sql.ts';
import { readDocument } from './projector.ts';
import { type DecodedUpdate, fits } from './update-check.ts';

/** Log bytes of the copies that are held; loaded, a document takes about fourteen times as much. */
const bytesHeld = 16 * 1024 * 1024;

interface Shadow {
	doc: Y.Doc;
	/** Every row up to this one is in the copy; rows that came through this process are in before that. */
	upto: number;
	bytes: number;
}

export interface Shadows {
	/**
	 * Tries an update on a copy of its document before it is stored: a row that cannot be applied would be in the log for
	 * ever, and nobody could open the document any more.
	 * @throws Refusal bad-request when it cannot be applied, conflict when it builds on what is not in the document,
	 * too-large when the document would be
	 */
	apply(documentId: string, update: DecodedUpdate, data: Uint8Array): Promise<void>;
	/** Forgets a copy that holds what the log does not. */
	forget(documentId: string): void;
}

/** Copies of the documents that are being written, the least recently written out first. */
export function makeShadows(sql: Sql): Shadows {
	const shadows = new Map<string, Promise<Shadow>>();
	const sizes = new Map<string, number>();

	async function load(documentId: string): Promise<Shadow> {
		const held = await documentById(sql, documentId);
		if (!held) throw new Refusal('not-found');
		const shadow = { ...(await readDocument(sql, documentId)), bytes: held.bytes };
		sizes.set(documentId, held.bytes);
		return shadow;
	}

	function open(documentId: string): Promise<Shadow> {
		const shadow = shadows.get(documentId) ?? load(documentId);
		shadows.delete(documentId);
		shadows.set(documentId, shadow);
		shadow.catch(() => forget(documentId));
		for (const oldest of shadows.keys()) {
			const sum = [...sizes.values()].reduce((all, one) => all + one, 0);
			if (sum <= bytesHeld || oldest === documentId) break;
			forget(oldest);
		}
		return shadow;
	}

	function forget(documentId: string): void {
		shadows.delete(documentId);
		sizes.delete(documentId);
	}

	return {
		async apply(documentId, update, data) {
			for (let tries = 1; ; tries++) {
				const shadow = await open(documentId);
				if (shadow.bytes + data.byteLength > wireLimits.document) throw new Refusal('too-large');
				if (fits(update, shadow.doc)) {
					try {
						Y.applyUpdate(shadow.doc, data);
					} catch {
						forget(documentId);
						throw new Refusal('bad-request');
					}
					shadow.bytes += data.byteLength;
					sizes.set(documentId, shadow.bytes);
					return;
				}
				if (tries > 1) throw new Refusal('conflict');
				// What it builds on may have been stored by another process.
				for (const row of await rowsSince(sql, documentId, shadow.upto)) {
					Y.applyUpdate(shadow.doc, row.data);
					shadow.upto = row.seq;
				}
			}
		},
		forget
	};
}
