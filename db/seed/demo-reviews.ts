import { organisationId, zoneOf } from './demo-cities.ts';
import { addDays, momentOf } from './day.ts';
import { munich } from './demo-munich.ts';
import { confirmedOn, personId, roleRow, workplaceOf } from './demo-people.ts';
import { programmeId } from './demo-programmes.ts';
import type { DemoReview, DemoSession } from './demo-review-shape.ts';
import type { Row, Rows } from './demo.sql.ts';
import { timisoara } from './demo-timisoara.ts';
import templates from './default-templates.json' with { type: 'json' };
import { seedId } from './id.ts';

/** Moves with the day the demo is loaded, so that there is always a visit going on. */
export function reviewRows(munichStartsOn: string): Rows {
	return joined([rowsOf(munich, munichStartsOn), rowsOf(timisoara, '2018-06-12'), toulouse]);
}

function rowsOf(review: DemoReview, firstDay: string): Rows {
	const id = seedId('review', review.slug);
	const visitId = seedId('visit', review.slug);
	const members = review.groups.flatMap((group) => group.members);
	const cities = new Set(members.map(([email]) => workplaceOf(email)).concat(workplaceOf(review.reviewLead)));
	return {
		'visits.visits': [
			{
				id: visitId,
				programme_id: programmeId('working-groups'),
				host_id: organisationId(review.host),
				title: review.visitTitle,
				kind: 'critical-friend-review',
				mode: 'on-site',
				starts_on: firstDay,
				ends_on: addDays(firstDay, review.days - 1),
				time_zone: zoneOf(review.host),
				source: review.source
			}
		],
		'visits.visiting_cities': [...cities].map((slug) => ({
			visit_id: visitId,
			organisation_id: organisationId(slug ?? '')
		})),
		'visits.groups': review.groups.map(({ name, topic }, index) => ({
			id: groupId(review.slug, index + 1),
			visit_id: visitId,
			name,
			topic,
			colour: index * 3
		})),
		'visits.group_members': review.groups.flatMap((group, index) =>
			group.members.map(([email, part]) => ({
				group_id: groupId(review.slug, index + 1),
				person_id: personId(email),
				part,
				since: confirmedOn(firstDay),
				until: null
			}))
		),
		'visits.sessions': [
			...review.plenary.map((session) => sessionRow(review, firstDay, session, null)),
			...review.groups.flatMap((group, index) =>
				group.sessions.map((session) => sessionRow(review, firstDay, session, index + 1))
			)
		],
		'reviews.reviews': [
			{
				id,
				programme_id: programmeId('working-groups'),
				visit_id: visitId,
				host_id: organisationId(review.host),
				title: review.title,
				topic: review.topic,
				template: 'critical_friend_review',
				language: 'en',
				closed_at: review.closedOn ? momentOf(review.closedOn, '12:00', zoneOf(review.host)) : null
			}
		],
		'reviews.guiding_questions': review.questions.map((text, index) => ({
			id: seedId('guiding-question', review.slug, `${index + 1}`),
			review_id: id,
			no: index + 1,
			text,
			language: 'en'
		})),
		'reviews.steps': stepRows(id, review.slug),
		'network.roles': [
			roleRow(review.hostLead, 'host-lead', ['review', review.slug], addDays(firstDay, -150)),
			roleRow(review.reviewLead, 'review-lead', ['review', review.slug], addDays(firstDay, -110)),
			...members.map(([email]) => roleRow(email, 'visiting-expert', ['review', review.slug], confirmedOn(firstDay)))
		]
	};
}

/** The steps of a critical friend review, as the default templates lay them down. */
export function stepRows(reviewId: string, ...name: string[]): Row[] {
	return templates.step_templates.critical_friend_review.map((step) => ({
		id: seedId('step', ...name, `${step.n}`),
		review_id: reviewId,
		no: step.n,
		title: step.title,
		phase: step.phase,
		owner: step.owner,
		form_codes: step.forms,
		offset_days: step.offset_days
	}));
}

function groupId(review: string, no: number): string {
	return seedId('group', review, `${no}`);
}

/** `sessionId('munich', 'opening')` of the whole team, `sessionId('munich', '1', '3')` the third of group 1. */
function sessionId(review: string, ...key: string[]): string {
	return seedId('session', review, ...key);
}

function sessionRow(review: DemoReview, firstDay: string, session: DemoSession, group: number | null): Row {
	const zone = zoneOf(review.host);
	const day = addDays(firstDay, session.day);
	return {
		id: group ? sessionId(review.slug, `${group}`, session.key) : sessionId(review.slug, session.key),
		visit_id: seedId('visit', review.slug),
		group_id: group ? groupId(review.slug, group) : null,
		kind: session.kind,
		title: session.title,
		place: session.place,
		starts_at: momentOf(day, session.from, zone),
		ends_at: momentOf(day, session.to, zone),
		people_met: session.met,
		language: session.language,
		interpreter: session.interpreter
	};
}

/** A visit of another kind in the same programme: who came is not stated, so only the host is there. */
const toulouse: Rows = {
	'visits.visits': [
		{
			id: seedId('visit', 'toulouse'),
			programme_id: programmeId('working-groups'),
			host_id: organisationId('toulouse'),
			title: 'Policy transfer: Roma access to adequate housing',
			kind: 'policy-transfer',
			mode: 'on-site',
			starts_on: '2019-04-09',
			ends_on: '2019-04-10',
			time_zone: 'Europe/Paris',
			source: 'C7 (days), C8 (year)'
		}
	]
};

export function joined(parts: Rows[]): Rows {
	const all: Rows = {};
	for (const part of parts)
		for (const [table, rows] of Object.entries(part) as [keyof Rows, Row[]][])
			all[table] = [...(all[table] ?? []), ...rows];
	return all;
}
