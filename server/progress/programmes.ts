import { known, Refusal } from '#domain/basics/refusal.ts';
import { whyNot, placesFor } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from '../network/audit.ts';
import { activityOf } from './activity.sql.ts';
import { programmeById, programmeEvents, programmePairs, programmeReviews, workOf } from './programmes.sql.ts';

const activityShown = 40;
/** Reviews and pairs on the page; the spreadsheet has them all. */
const rowsShown = 50;
const rowsExported = 5_000;

/** The project lead's page: every review and pair with where it stands, and what happened last. */
export async function programme(parts: Parts, actor: Actor, input: { programmeId: string }, rows = rowsShown) {
	const { sql } = parts;
	const refusal = whyNot(actor, 'programme.read', { programme: input.programmeId });
	if (refusal) throw new Refusal(refusal);
	const held = known(await programmeById(sql, input.programmeId));
	const [events, reviews, pairs, activity] = await Promise.all([
		programmeEvents(sql, held.id),
		programmeReviews(sql, held.id, rows),
		programmePairs(sql, held.id, rows),
		activityOf(sql, held.id, activityShown)
	]);
	return { programme: held, events, reviews, pairs, activity, cut: reviews.length === rows || pairs.length === rows };
}

/** The programme's state as rows for a spreadsheet; leaves a row in the audit trail. */
export async function exportProgramme(parts: Parts, actor: Actor, input: { programmeId: string }) {
	const refusal = whyNot(actor, 'programme.export', { programme: input.programmeId });
	if (refusal) throw new Refusal(refusal);
	const page = await programme(parts, actor, input, rowsExported);
	await audited(parts, parts.sql, {
		person: actor.personId,
		act: 'programme.export',
		subject: { kind: 'programme', id: input.programmeId }
	});
	return page;
}

/** Where this person has something to do: one list across programmes, reviews and pairs. */
export async function myWork(parts: Parts, actor: Actor) {
	const seen = (act: 'programme.read' | 'review.read' | 'pair.read', kind: 'programme' | 'review' | 'pair') =>
		placesFor(actor, act, kind);
	return workOf(parts.sql, actor.personId, {
		programmes: seen('programme.read', 'programme'),
		reviews: seen('review.read', 'review'),
		pairs: seen('pair.read', 'pair')
	});
}
