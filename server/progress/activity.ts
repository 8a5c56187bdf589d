import type { Parts } from '../basics/parts.ts';
import { changesById } from '../mentoring/plans.sql.ts';
import { noteForFeed } from '../reviews/notes.sql.ts';
import { addActivity } from './activity.sql.ts';

/** The topic whose subscribers see a programme's page change without reload. */
const programmeTopic = (programmeId: string): string => `programme:${programmeId}`;

/** Listens to what happens to the left, and writes what a project lead may know of it: never an answer. */
export function listenForActivity(parts: Pick<Parts, 'events' | 'bus' | 'chance'>): void {
	const { events, bus, chance } = parts;
	events.on('reviews.note-sent', async (tx, { noteId }) => {
		const note = await noteForFeed(tx, noteId);
		if (!note) return;
		await addActivity(tx, {
			id: chance.id(),
			programmeId: note.programmeId,
			at: note.sentAt,
			kind: 'note-sent',
			personIds: [note.authorId],
			subjectKind: 'review',
			subjectId: note.reviewId,
			detail: { form: note.form, title: note.title, group: note.group, session: note.session },
			toldOnce: `note-sent:${noteId}`
		});
		await bus.tell(tx, { about: 'topics', topics: [programmeTopic(note.programmeId)] });
	});
	events.on('mentoring.plan-changed', async (tx, { programmeId, changeIds }) => {
		for (const change of await changesById(tx, changeIds)) {
			await addActivity(tx, {
				id: chance.id(),
				programmeId,
				at: change.lastAt,
				kind: 'plan-changed',
				personIds: change.personIds,
				subjectKind: 'plan',
				subjectId: change.planId,
				detail: {
					plan: change.plan,
					heading: change.heading,
					added: change.wordsAdded,
					removed: change.wordsRemoved,
					excerpt: change.excerpt
				},
				toldOnce: `plan-changed:${change.id}`
			});
		}
		await bus.tell(tx, { about: 'topics', topics: [programmeTopic(programmeId)] });
	});
}
