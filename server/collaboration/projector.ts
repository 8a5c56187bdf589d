import * as Y from 'yjs';
import type { Parts } from '../basics/parts.ts';
import type { DocumentKinds } from './kinds.ts';
import {
	dirtyDocuments,
	documentById,
	lockProjection,
	markProjected,
	rowsSince,
	snapshotOf,
	writersSince
} from './documents.sql.ts';
import type { Db } from '../basics/database.ts';

/** A document is projected after this much quiet; while people go on typing, at the latest after `latestMs`. */
const quietMs = 800;
const latestMs = 4_000;
/** Documents that a process left dirty when it died are looked for this often. */
const sweepMs = 5_000;

export interface Projector {
	/** This document changed; its rows follow in a quiet moment. */
	touched(documentId: string): void;
	/** Projects now, and waits for it: before something is decided on the rows. */
	projectNow(documentId: string): Promise<void>;
	close(): Promise<void>;
}

export function startProjector(parts: Parts, kinds: DocumentKinds): Projector {
	const waiting = new Map<string, { first: number; timer: NodeJS.Timeout }>();
	const running = new Set<Promise<unknown>>();
	let closed = false;

	const run = (id: string): Promise<void> => {
		const work = projectDocument(parts, kinds, id).catch((fault: unknown) => {
			// The document stays dirty and is tried again by the sweep; the others go on.
			parts.log.fault('a document could not be projected', fault, { document: id });
		});
		running.add(work);
		return work.finally(() => running.delete(work));
	};

	const sweep = setInterval(() => {
		const work = dirtyDocuments(parts.sql, new Date(parts.now().getTime() - latestMs))
			.then(async (rows) => {
				for (const { id } of rows) if (!waiting.has(id) && !closed) await run(id);
			})
			.catch((fault: unknown) => parts.log.fault('looking for changed documents failed', fault));
		running.add(work);
		void work.finally(() => running.delete(work));
	}, sweepMs);
	sweep.unref();

	return {
		touched(id) {
			if (closed) return;
			const held = waiting.get(id);
			if (held) clearTimeout(held.timer);
			const now = Date.now();
			const first = held?.first ?? now;
			const timer = setTimeout(
				() => {
					waiting.delete(id);
					void run(id);
				},
				Math.max(0, Math.min(quietMs, first + latestMs - now))
			);
			waiting.set(id, { first, timer });
		},
		projectNow: (id) => projectDocument(parts, kinds, id),
		async close() {
			closed = true;
			clearInterval(sweep);
			for (const { timer } of waiting.values()) clearTimeout(timer);
			// What was waiting is dirty in the database: the next process finds it.
			await Promise.all(running);
		}
	};
}

/** One projection of one state, in one transaction with its mark; another process at the same document leaves it. */
async function projectDocument(parts: Parts, kinds: DocumentKinds, id: string): Promise<void> {
	await parts.sql.begin(async (tx) => {
		if (!(await lockProjection(tx, id))) return;
		const held = await documentById(tx, id);
		if (!held || held.headSeq === held.projectedSeq) return;
		const { doc, upto } = await readDocument(tx, id);
		const writers = await writersSince(tx, id, held.projectedSeq, upto);
		await kinds.get(held.kind).project(tx, {
			subjectId: held.subjectId,
			doc,
			fromSeq: held.projectedSeq,
			uptoSeq: upto,
			people: writers.map((writer) => writer.personId),
			lastAt: writers.reduce((latest, writer) => (writer.lastAt > latest ? writer.lastAt : latest), new Date(0))
		});
		await markProjected(tx, id, upto);
		doc.destroy();
	});
}

/** The document as the log has it: the snapshot, if there is one, and the rows behind it. */
export async function readDocument(db: Db, id: string): Promise<{ doc: Y.Doc; upto: number }> {
	const snapshot = await snapshotOf(db, id);
	const rows = await rowsSince(db, id, snapshot?.upto ?? 0);
	const doc = new Y.Doc();
	doc.transact(() => {
		if (snapshot) Y.applyUpdate(doc, snapshot.data);
		for (const row of rows) Y.applyUpdate(doc, row.data);
	});
	return { doc, upto: rows.at(-1)?.seq ?? snapshot?.upto ?? 0 };
}
