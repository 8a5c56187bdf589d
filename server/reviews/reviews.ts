import { dayIn } from '#domain/basics/day.ts';
import { known, Refusal } from '#domain/basics/refusal.ts';
import { may, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { dueOn, statusByDate } from '#domain/reviews/step.ts';
import type { Db } from '../basics/database.ts';
import { templateByCode } from './notes.sql.ts';
import type { Parts } from '../basics/parts.ts';
import type { Place } from '../network/places.ts';
import {
	groupsOf,
	guidingQuestions,
	notesSeenBy,
	reviewById,
	sessionsOf,
	stepsOf,
	visitingCities
} from './reviews.sql.ts';

/** Where a review stands for the policy. */
export async function reviewPlace(db: Db, id: string): Promise<Place | undefined> {
	const review = await reviewById(db, id);
	return (
		review && { name: review.title, standing: { review: id, programme: review.programmeId }, path: `/reviews/${id}` }
	);
}

/** A review as one of its people sees it: steps, groups, sessions, and the notes they may know of. */
export async function review(parts: Parts, actor: Actor, input: { reviewId: string }) {
	const { sql } = parts;
	const held = known(await reviewById(sql, input.reviewId));
	const standing = { review: held.id, programme: held.programmeId };
	const refusal = whyNot(actor, 'review.read', standing);
	if (refusal) throw new Refusal(refusal);
	const [questions, steps, groups, sessions, cities] = await Promise.all([
		guidingQuestions(sql, held.id),
		stepsOf(sql, held.id),
		groupsOf(sql, held.visitId, actor.today),
		sessionsOf(sql, held.visitId),
		visitingCities(sql, held.visitId)
	]);
	const today = dayIn(parts.now(), held.timeZone);
	const statuses = statusByDate(steps, held.startsOn, today);
	const seesNotes = may(actor, 'review.notes', standing);
	const mayStart = may(actor, 'note.start', standing);
	return {
		now: parts.now(),
		review: held,
		cities,
		questions,
		steps: steps.map((step, index) => ({ ...step, dueOn: dueOn(step, held.startsOn), status: statuses[index]! })),
		groups: groups.map((group) => ({
			...group,
			mine: group.members.some((member) => member.personId === actor.personId)
		})),
		sessions,
		// The host and the funder's side never learn which notes there are.
		notes: seesNotes ? await notesSeenBy(sql, held.id, actor) : null,
		form: mayStart ? known(await templateByCode(sql, 'F9')) : null
	};
}
