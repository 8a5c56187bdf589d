import { parseAnswers } from '#domain/basics/form-answers.ts';
import { isId } from '#domain/basics/id.ts';
import type { Issue } from '#domain/basics/issue.ts';
import { isContentLanguage } from '#domain/basics/language.ts';
import { known, Refusal } from '#domain/basics/refusal.ts';
import { answersOf } from '#domain/collaboration/answers-document.ts';
import { may, type Standing, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { answersFor, withKnown } from '#domain/reviews/note.ts';
import type { Db } from '../basics/database.ts';
import { filesOf, templateById } from './notes.sql.ts';
import type { Parts } from '../basics/parts.ts';
import { createDocument, documentFor, freezeDocument } from '../collaboration/documents.ts';
import type { DocumentKind } from '../collaboration/kinds.ts';
import { readDocument } from '../collaboration/projector.ts';
import { audited } from '../network/audit.ts';
import {
	addAnswers,
	addNote,
	draftChanged,
	groupPeople,
	noteById,
	type NoteRow,
	sendNoteOnce,
	sessionInReview,
	templateByCode
} from './notes.sql.ts';
import { reviewById } from './reviews.sql.ts';

/** The kind of live document that a draft is. */
const noteDocument = 'note';

/** Where a note stands: with its holder, and once sent with the group of its author, as it is on this day. */
export async function noteStanding(db: Db, note: NoteRow, today: string): Promise<Standing> {
	const released = note.sentAt !== null;
	return { ...draftStanding(note), released, group: note.groupId ? await groupPeople(db, note.groupId, today) : [] };
}

function draftStanding(note: NoteRow): Standing {
	return { review: note.reviewId, programme: note.programmeId, holder: note.holderId };
}

/** Begins a note: on a form, for a session of the visit or for none. What follows is typed into its live document. */
export async function startNote(
	parts: Parts,
	actor: Actor,
	input: { reviewId: string; sessionId: string | null; formCode: string; language: string }
): Promise<{ noteId: string }> {
	const { sql, chance } = parts;
	const review = known(await reviewById(sql, input.reviewId));
	const refusal = whyNot(actor, 'note.start', { review: review.id, programme: review.programmeId });
	if (refusal) throw new Refusal(refusal);
	if (review.closedAt) throw new Refusal('closed');
	const template = known(await templateByCode(sql, input.formCode));
	if (input.sessionId !== null && !isId(input.sessionId)) throw new Refusal('not-found');
	const session = input.sessionId ? known(await sessionInReview(sql, input.sessionId, review.id, actor)) : null;
	const noteId = chance.id();
	await sql.begin(async (tx) => {
		await addNote(tx, {
			id: noteId,
			reviewId: review.id,
			sessionId: session?.id ?? null,
			groupId: session?.groupId ?? null,
			templateId: template.id,
			personId: actor.personId,
			language: isContentLanguage(input.language) ? input.language : 'en',
			at: parts.now()
		});
		await createDocument(parts, tx, noteDocument, noteId);
	});
	return { noteId };
}

/** A note to go on writing, or to read once it is sent. */
export async function note(parts: Parts, actor: Actor, input: { noteId: string }) {
	const { sql } = parts;
	const held = known(await noteById(sql, input.noteId));
	const standing = await noteStanding(sql, held, actor.today);
	const refusal = whyNot(actor, 'note.read', standing);
	if (refusal) throw new Refusal(refusal);
	const template = known(await templateById(sql, held.templateId));
	const document = await documentForNote(sql, held);
	return {
		note: {
			id: held.id,
			reviewId: held.reviewId,
			review: held.review,
			session: held.session,
			author: held.author,
			language: held.language,
			sentAt: held.sentAt,
			startedAt: held.startedAt
		},
		form: template.form,
		formVersion: template.version,
		documentId: document?.id ?? null,
		mayWrite: held.sentAt === null && may(actor, 'note.write', standing),
		answers: held.sentAt ? answersFor(template.form, held.answers, { isHolder: held.holderId === actor.personId }) : {},
		files: await filesOf(sql, held.id)
	};
}

async function documentForNote(db: Db, held: NoteRow) {
	return held.sentAt ? undefined : documentFor(db, noteDocument, held.id);
}

/**
 * Sends a note: checks the answers, and freezes them exactly as the person saw them. Sending again changes nothing and
 * answers the same, so a lost answer can be asked for twice.
 * @param input.seq how far the browser knows the document; more since then means another device wrote on
 * @throws Refusal conflict when another device wrote meanwhile
 */
export async function sendNote(
	parts: Parts,
	actor: Actor,
	input: { noteId: string; seq: number }
): Promise<{ sentAt: Date } | { issues: Issue[] }> {
	const held = known(await noteById(parts.sql, input.noteId));
	const refusal = whyNot(actor, 'note.write', await noteStanding(parts.sql, held, actor.today));
	if (refusal) throw new Refusal(refusal);
	if (held.sentAt) return { sentAt: held.sentAt };
	if (held.closed) throw new Refusal('closed');
	const template = known(await templateById(parts.sql, held.templateId));
	return parts.sql.begin(async (tx) => {
		const document = await documentFor(tx, noteDocument, held.id);
		if (document.headSeq !== input.seq) throw new Refusal('conflict');
		const { doc } = await readDocument(tx, document.id);
		const parsed = parseAnswers(template.form, withKnown(template.form, answersOf(doc, template.form), held), 'sent');
		if (!parsed.ok) return { issues: parsed.issues };
		const sentAt = parts.now();
		if (!(await sendNoteOnce(tx, held.id, { at: sentAt, seq: input.seq, answers: parsed.value })))
			// Pressed twice: the first has sent it since it was looked at.
			return { sentAt: known((await noteById(tx, held.id))?.sentAt) };
		await freezeDocument(parts, tx, document.id, input.seq);
		await addAnswers(tx, held.id, template.form, parsed.value);
		await audited(parts, tx, {
			person: actor.personId,
			act: 'note.send',
			subject: { kind: 'note', id: held.id },
			detail: { form: template.form.code }
		});
		await parts.events.announce(tx, 'reviews.note-sent', { noteId: held.id });
		return { sentAt };
	});
}

/** A draft as a live document: only its holder reads and writes it; its rows say when it changed last. */
export const noteDocumentKind: DocumentKind = {
	kind: noteDocument,
	read: 'note.write',
	write: 'note.write',
	async standing(db, subjectId) {
		const held = await noteById(db, subjectId);
		return held && draftStanding(held);
	},
	project: (tx, { subjectId, lastAt }) => draftChanged(tx, subjectId, lastAt).then(() => undefined)
};
