import { addDays, minutesAfter, momentOf } from './day.ts';
import { stepRows } from './demo-reviews.ts';
import type { Rows } from './demo.sql.ts';
import { seedId } from './id.ts';
import { cityName, type Place, type ScaleBlock, scaleProgramme, scaleZone } from './scale-block.ts';
import { answerVariants } from './scale-texts.ts';
import type { NoteColumns } from './scale.sql.ts';

const groupsAReview = 4;
const sessionsADay = 12;
const daysAReview = 3;
/** In every ninth session the question `contradict` stays empty: 1440 * 14 - 160 = 20,000 answers. */
const shorterEvery = 9;
const experts: Place[] = Array.from({ length: 40 }, (_, index) => [2 + Math.floor(index / 8), 1 + (index % 8)]);
const parts = [
	'group-lead',
	'lead-interviewer',
	'second-interviewer',
	'note-taker',
	'note-taker',
	'time-keeper',
	'language-helper',
	'presenter',
	'rapporteur',
	'second-interviewer'
];

/** The review of a block: its visit with four groups and their sessions, and its experts. */
export function reviewRowsOf(block: ScaleBlock): Rows {
	const visit = seedId('visit', block.name());
	const host = block.city(1);
	const since = addDays(block.firstDay, -90);
	return {
		'visits.visits': [
			{
				id: visit,
				programme_id: scaleProgramme,
				host_id: seedId('organisation', host),
				title: `Critical friend review in ${cityName(host)}`,
				kind: 'critical-friend-review',
				mode: 'on-site',
				starts_on: block.firstDay,
				ends_on: addDays(block.firstDay, daysAReview - 1),
				time_zone: scaleZone,
				source: 'invented for the demo'
			}
		],
		'visits.visiting_cities': [2, 3, 4, 5, 6].map((city) => ({
			visit_id: visit,
			organisation_id: seedId('organisation', block.city(city))
		})),
		'visits.groups': Array.from({ length: groupsAReview }, (_, group) => ({
			id: groupOf(block, group),
			visit_id: visit,
			name: `Group ${group + 1}`,
			topic: 'Services and those they miss',
			colour: group * 3
		})),
		'visits.group_members': experts.map((place, index) => ({
			group_id: groupOf(block, index % groupsAReview),
			person_id: block.person(place),
			part: parts[Math.floor(index / groupsAReview)],
			since,
			until: null
		})),
		'visits.sessions': slotsOf(block).map(({ id, group, startsAt, slot }) => ({
			id,
			visit_id: visit,
			group_id: groupOf(block, group),
			kind: slot % 3 === 0 ? 'site-visit' : 'interview',
			title: `Talk ${slot + 1} of group ${group + 1}`,
			place: `Room ${slot + 1}`,
			starts_at: startsAt,
			ends_at: minutesAfter(startsAt, 40),
			people_met: 'head of unit, two colleagues',
			language: 'en',
			interpreter: false
		})),
		'reviews.reviews': [
			{
				id: block.reviewId,
				programme_id: scaleProgramme,
				visit_id: visit,
				host_id: seedId('organisation', host),
				title: `${cityName(host)}: services and those they miss`,
				topic: 'Services and those they miss',
				template: 'critical_friend_review',
				language: 'en',
				closed_at: null
			}
		],
		'reviews.guiding_questions': ['Who is missed?', 'Who works together?', 'What would make it last?'].map(
			(text, index) => ({
				id: seedId('guiding-question', block.name(), `${index + 1}`),
				review_id: block.reviewId,
				no: index + 1,
				text,
				language: 'en'
			})
		),
		'reviews.steps': stepRows(block.reviewId, block.name()),
		'network.roles': [
			block.role([1, 1], 'host-lead', 'review', block.reviewId, since),
			block.role([2, 1], 'review-lead', 'review', block.reviewId, since),
			...experts.map((place) => block.role(place, 'visiting-expert', 'review', block.reviewId, since))
		]
	};
}

/** Each member of a group wrote about each session of the group. */
export function notesOf(block: ScaleBlock): NoteColumns {
	const columns: NoteColumns = {
		ids: [],
		sessions: [],
		groups: [],
		authors: [],
		sentAt: [],
		variants: [],
		shorter: []
	};
	for (const { id, group, slot, startsAt } of slotsOf(block))
		for (const [index, place] of experts.entries()) {
			if (index % groupsAReview !== group) continue;
			columns.ids.push(seedId('note', block.name(), `${slot}`, `${index}`));
			columns.sessions.push(id);
			columns.groups.push(groupOf(block, group));
			columns.authors.push(block.person(place));
			columns.sentAt.push(minutesAfter(startsAt, 60 + index).toISOString());
			columns.variants.push((slot * 7 + index) % answerVariants);
			columns.shorter.push(slot % shorterEvery === 0 ? 1 : 0);
		}
	return columns;
}

function slotsOf(block: ScaleBlock): { id: string; group: number; slot: number; startsAt: Date }[] {
	return Array.from({ length: groupsAReview * sessionsADay * daysAReview }, (_, index) => {
		const group = index % groupsAReview;
		const slot = Math.floor(index / groupsAReview);
		const opens = momentOf(addDays(block.firstDay, Math.floor(slot / sessionsADay)), '08:00', scaleZone);
		return {
			id: seedId('session', block.name(), `${group}`, `${slot}`),
			group,
			slot,
			startsAt: minutesAfter(opens, (slot % sessionsADay) * 45)
		};
	});
}

function groupOf(block: ScaleBlock, group: number): string {
	return seedId('group', block.name(), `${group + 1}`);
}
