import { Refusal } from '#domain/basics/refusal.ts';
import { isTaken } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import { appendAll, type Appended, seqsOf } from './documents.sql.ts';

/** How long the first update of a batch waits for others, in ms, and how many a batch holds. */
const windowMs = 3;
const batchSize = 256;
/** Updates waiting for the database beyond this are refused: the browser keeps them and tries again. */
const queueLimit = 20_000;

interface Waiting extends Appended {
	done: (seq: number) => void;
	failed: (fault: unknown) => void;
}

export interface DocumentLog {
	/** Stores an update and answers once PostgreSQL has committed it; not before. */
	append(update: Appended): Promise<number>;
	/** How many updates wait for their commit. */
	readonly waiting: number;
	/** Waits until all that was given has been stored. */
	drain(): Promise<void>;
}

/**
 * The durable log behind every live document, written in group commits: while one batch is on its way to the disk, the
 * next one gathers, so a commit is shared by all who type at that moment.
 */
export function makeDocumentLog(
	{ sql, now, bus }: Pick<Parts, 'sql' | 'now' | 'bus'>,
	onStored: (stored: (Appended & { seq: number })[]) => void
): DocumentLog {
	let queue: Waiting[] = [];
	let writing: Promise<void> | undefined;

	async function writeAll(): Promise<void> {
		await new Promise((wait) => setTimeout(wait, windowMs));
		while (queue.length > 0) {
			const batch = queue.splice(0, batchSize);
			try {
				await write(batch);
			} catch (fault) {
				// One bad document must not fail the others of its batch: each is tried alone, and answers for itself.
				if (batch.length === 1) batch[0]!.failed(fault);
				else for (const one of batch) await write([one]).catch(one.failed);
			}
		}
	}

	async function write(batch: Waiting[]): Promise<void> {
		const at = now();
		const stored = await tryAgain(() => appendAll(sql, batch, at));
		const seqs = new Map(stored.map((row) => [row.messageId, row.seq]));
		const repeated = batch.filter((one) => !seqs.has(one.messageId));
		if (repeated.length > 0) for (const row of await seqsOf(sql, repeated)) seqs.set(row.messageId, row.seq);
		const fresh = new Set(stored.map((row) => row.messageId));
		// Store, then broadcast, then acknowledge: nobody sees words that a crash could still take back.
		onStored(
			batch.filter((one) => fresh.delete(one.messageId)).map((one) => ({ ...one, seq: seqs.get(one.messageId)! }))
		);
		for (const one of batch) {
			const seq = seqs.get(one.messageId);
			if (seq === undefined) one.failed(new Refusal('closed'));
			else one.done(seq);
		}
		const heads = new Map<string, number>();
		for (const row of stored) heads.set(row.documentId, Math.max(heads.get(row.documentId) ?? 0, row.seq));
		for (const [document, upto] of heads) await bus.tell(sql, { about: 'document', document, upto });
	}

	return {
		append: (update) =>
			new Promise((done, failed) => {
				if (queue.length >= queueLimit) return failed(new Refusal('not-ready'));
				queue.push({ ...update, done, failed });
				writing ??= writeAll().finally(() => (writing = undefined));
			}),
		get waiting() {
			return queue.length;
		},
		async drain() {
			while (writing) await writing;
		}
	};
}

/** The same message on two processes at once: one insert meets the unique index, and finds it there the next time. */
async function tryAgain<T>(act: () => PromiseLike<T>): Promise<T> {
	for (let tries = 1; ; tries++) {
		try {
			return await act();
		} catch (fault) {
			if (tries >= 3 || !isTaken(fault)) throw fault;
		}
	}
}
