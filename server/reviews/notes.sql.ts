import type { Answers, Form } from '#domain/basics/form.ts';
import type { Db, Tx } from '../basics/database.ts';
import { newestTemplate, templateById } from '../basics/form-templates.sql.ts';

export { newestTemplate as templateByCode, templateById };

export interface NoteRow {
	id: string;
	reviewId: string;
	review: string;
	/** The review is over: nothing more is sent into it. */
	closed: boolean;
	programmeId: string;
	sessionId: string | null;
	session: string | null;
	groupId: string | null;
	templateId: string;
	authorId: string;
	author: string;
	holderId: string;
	language: string;
	startedAt: Date;
	sentAt: Date | null;
	answers: Answers;
}

export const noteById = async (db: Db, id: string): Promise<NoteRow | undefined> => {
	const [row] = await db<NoteRow[]>`
		select n.id, n.review_id as "reviewId", r.title as review, r.closed_at is not null as closed, r.programme_id as "programmeId", n.session_id as "sessionId",
			s.title as session, n.group_id as "groupId", n.template_id as "templateId", n.author_id as "authorId", p.name as author,
			n.holder_id as "holderId", n.language, n.started_at as "startedAt", n.sent_at as "sentAt", n.answers
		from reviews.notes n join reviews.reviews r on r.id = n.review_id join network.people p on p.id = n.author_id
		left join visits.sessions s on s.id = n.session_id
		where n.id = ${id}`;
	return row;
};

export const groupPeople = async (db: Db, groupId: string, today: string): Promise<string[]> => {
	const rows = await db<{ id: string }[]>`
		select person_id as id from visits.group_members where group_id = ${groupId} and (until is null or until >= ${today})`;
	return rows.map((row) => row.id);
};

/** A session of this review's visit, and the group the note belongs to: the session's, or else the writer's own. */
export const sessionInReview = async (
	db: Db,
	sessionId: string,
	reviewId: string,
	person: { personId: string; today: string }
) => {
	const [row] = await db<{ id: string; groupId: string | null }[]>`
		select s.id, coalesce(s.group_id, (
			select m.group_id from visits.group_members m join visits.groups g on g.id = m.group_id
			where g.visit_id = r.visit_id and m.person_id = ${person.personId} and (m.until is null or m.until >= ${person.today}) limit 1
		)) as "groupId"
		from visits.sessions s join reviews.reviews r on r.visit_id = s.visit_id
		where s.id = ${sessionId} and r.id = ${reviewId}`;
	return row;
};

export const addNote = (
	tx: Tx,
	note: {
		id: string;
		reviewId: string;
		sessionId: string | null;
		groupId: string | null;
		templateId: string;
		personId: string;
		language: string;
		at: Date;
	}
) => tx`
	insert into reviews.notes (id, review_id, session_id, group_id, template_id, author_id, holder_id, language, started_at, changed_at)
	values (${note.id}, ${note.reviewId}, ${note.sessionId}, ${note.groupId}, ${note.templateId}, ${note.personId}, ${note.personId},
		${note.language}, ${note.at}, ${note.at})`;

export const draftChanged = (tx: Tx, id: string, at: Date) => tx`
	update reviews.notes set changed_at = ${at} where id = ${id} and sent_at is null`;

/** Holds a draft until the transaction ends, so that it is not sent meanwhile; says whether it is one. */
export const lockDraft = async (tx: Tx, id: string): Promise<boolean> => {
	const rows = await tx`select from reviews.notes where id = ${id} and sent_at is null for no key update`;
	return rows.length > 0;
};

/** Once: two sends at the same time find one of them too late. */
export const sendNoteOnce = async (
	tx: Tx,
	id: string,
	sent: { at: Date; seq: number; answers: Answers }
): Promise<boolean> => {
	const rows = await tx`
		update reviews.notes set sent_at = ${sent.at}, changed_at = ${sent.at}, sent_seq = ${sent.seq}, answers = ${tx.json(sent.answers as never)}
		where id = ${id} and sent_at is null returning id`;
	return rows.length > 0;
};

export const addAnswers = async (tx: Tx, noteId: string, form: Form, answers: Answers): Promise<void> => {
	const rows = form.questions
		.filter((question) => answers[question.id] !== undefined)
		.map((question) => ({
			note_id: noteId,
			question_id: question.id,
			visibility: question.visibility === 'author' ? 'author' : 'group',
			value: tx.json(answers[question.id] as never)
		}));
	if (rows.length > 0) await tx`insert into reviews.answers ${tx(rows as never[])}`;
};

export const filesOf = (db: Db, noteId: string) => db<{ id: string; name: string; mediaType: string; bytes: number }[]>`
	select id, name, media_type as "mediaType", bytes from basics.files
	where subject_kind = 'note' and subject_id = ${noteId} order by created_at`;

export const noteForFeed = async (db: Db, id: string) => {
	const [row] = await db<
		{
			reviewId: string;
			programmeId: string;
			authorId: string;
			form: string;
			title: string;
			group: string | null;
			session: string | null;
			sentAt: Date;
		}[]
	>`
		select n.review_id as "reviewId", r.programme_id as "programmeId", n.author_id as "authorId", t.code as form, t.title,
			g.name as "group", s.title as session, n.sent_at as "sentAt"
		from reviews.notes n join reviews.reviews r on r.id = n.review_id join basics.form_templates t on t.id = n.template_id
		left join visits.groups g on g.id = n.group_id left join visits.sessions s on s.id = n.session_id
		where n.id = ${id}`;
	return row;
};

/** A leaver's drafts go to the colleague; the author's name stays. */
export const moveDrafts = (tx: Tx, from: string, to: string, programmes: string[] | 'all') => tx`
	update reviews.notes n set holder_id = ${to} from reviews.reviews r
	where r.id = n.review_id and n.holder_id = ${from} and n.sent_at is null
		and (${programmes === 'all'} or r.programme_id = any(${programmes === 'all' ? [] : programmes}::uuid[]))
	returning n.id`;

/** The notes a person wrote or holds, with all their answers: theirs to take along. */
export const notesOf = (tx: Tx, personId: string) => tx<Record<string, unknown>[]>`
	select n.id, r.title as review, t.title as form, s.title as session, n.language, n.started_at, n.changed_at, n.sent_at, n.answers
	from reviews.notes n join reviews.reviews r on r.id = n.review_id join basics.form_templates t on t.id = n.template_id
	left join visits.sessions s on s.id = n.session_id
	where ${personId} in (n.author_id, n.holder_id) order by n.started_at`;
