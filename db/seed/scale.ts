import type { Sql, TransactionSql } from 'postgres';
import {
	insertActivityOf,
	insertAnswersOf,
	insertRows,
	newestTemplate,
	type Rows,
	seededTables,
	takeSeedLock
} from './demo.sql.ts';
import { seedDemo } from './demo.ts';
import { programmeRows, ScaleBlock } from './scale-block.ts';
import { pairRowsOf } from './scale-pairs.ts';
import { notesOf, reviewRowsOf } from './scale-review.ts';
import { answersVariant, answerVariants, planVariant, planVariants } from './scale-texts.ts';
import { analyseSeeded, blocksThere, insertNotes, rememberBlocks } from './scale.sql.ts';

/**
 * Adds a large invented network to the demo: for each unit of scale 6 cities, 60 people, 4 pairs with plans and live
 * documents, a review with 1440 notes and 20,000 answers. Broken off, it goes on where it stopped.
 *
 * @param onProgress called five times for each unit of scale, and once at the end
 * @returns false when that much is there already
 */
export async function seedScale(
	sql: Sql,
	{
		scale,
		today,
		onProgress
	}: { scale: number; today: Date; onProgress: (done: number, total: number, what: string) => void }
): Promise<boolean> {
	await seedDemo(sql, { today });
	const before = await blocksThere(sql);
	if (before >= scale) return false;
	const variants = Array.from({ length: planVariants }, (_, variant) => planVariant(variant));
	const answers = Array.from({ length: answerVariants }, (_, variant) => answersVariant(variant));
	const total = (scale - before) * 5 + 1;
	let done = 0;
	for (let no = before + 1; no <= scale; no++) {
		await sql.begin(async (tx) => {
			await takeSeedLock(tx);
			// Another process may have loaded this block while we waited for the lock.
			if ((await blocksThere(tx)) >= no) {
				done += 5;
				return;
			}
			const block = new ScaleBlock(no, today);
			const template = await newestTemplate(tx, 'F9');
			if (no === 1) await insertAll(tx, programmeRows(today));
			await insertAll(tx, block.peopleRows());
			onProgress(++done, total, `cities and people of block ${no}`);
			await insertAll(tx, pairRowsOf(block, variants));
			onProgress(++done, total, `pairs and plans of block ${no}`);
			await insertAll(tx, reviewRowsOf(block));
			onProgress(++done, total, `review of block ${no}`);
			await insertNotes(tx, block.reviewId, template.id, notesOf(block), answers);
			onProgress(++done, total, `notes of block ${no}`);
			await insertAnswersOf(tx, [block.reviewId]);
			await insertActivityOf(tx, [block.reviewId]);
			await rememberBlocks(tx, no, today);
			onProgress(++done, total, `answers of block ${no}`);
		});
	}
	await analyseSeeded(sql);
	onProgress(total, total, 'table statistics');
	return true;
}

async function insertAll(tx: TransactionSql, rows: Rows): Promise<void> {
	for (const table of seededTables) {
		const some = rows[table];
		if (some) await insertRows(tx, table, some);
	}
}
