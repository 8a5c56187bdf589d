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
	const queue: Waiting[] = [];
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
		// In the same breath as the look at the queue: an update that came in between would wait for the next one.
		writing = undefined;
	}

	async function write(batch: Waiting[]): Promise<void> {
		const at = now();
		// The same message twice in one batch is one row, which answers both.
		const distinct = new Map<string, Waiting>();
		for (const one of batch) if (!distinct.has(keyOf(one))) distinct.set(keyOf(one), one);
		const stored = await tryAgain(() => appendAll(sql, [...distinct.values()], at));
		const seqs = new Map(stored.map((row) => [keyOf(row), row.seq]));
		// Store, then broadcast, then acknowledge: nobody sees words that a crash could still take back.
		onStored(
			[...distinct].flatMap(([key, one]) => {
				const seq = seqs.get(key);
				return seq === undefined ? [] : { ...one, seq };
			})
		);
		const repeated = [...distinct].filter(([key]) => !seqs.has(key)).map(([, one]) => one);
		if (repeated.length > 0) for (const row of await seqsOf(sql, repeated)) seqs.set(keyOf(row), row.seq);
		for (const one of batch) {
			const seq = seqs.get(keyOf(one));
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
				writing ??= writeAll();
			}),
		get waiting() {
			return queue.length;
		},
		async drain() {
			while (writing) await writing;
		}
	};
}

/** A browser numbers its messages for one document; the same number in another one is another message. */
function keyOf(one: { documentId: string; messageId: string }): string {
	return `${one.documentId} ${one.messageId}`;
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
