import type { ISql } from 'postgres';

/** How many blocks of the large network are there. */
export async function blocksThere(sql: ISql): Promise<number> {
	const [row] = await sql<{ blocks: number }[]>`
		select (value ->> 'blocks')::int as blocks from basics.settings where name = 'demo-scale'`;
	return row?.blocks ?? 0;
}

export async function rememberBlocks(sql: ISql, blocks: number, at: Date): Promise<void> {
	await sql`
		insert into basics.settings (name, value, changed_at) values ('demo-scale', ${sql.json({ blocks })}, ${at})
		on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`;
}

/** Notes as columns, so that a block of them is one statement. */
export interface NoteColumns {
	ids: string[];
	sessions: string[];
	groups: string[];
	authors: string[];
	/** ISO moments. */
	sentAt: string[];
	/** Which set of answers, from 0. */
	variants: number[];
	/** 1 where the question `contradict` was left empty. */
	shorter: number[];
}

export async function insertNotes(
	sql: ISql,
	reviewId: string,
	templateId: string,
	notes: NoteColumns,
	answers: Record<string, unknown>[]
): Promise<void> {
	await sql`
		insert into reviews.notes (id, review_id, session_id, group_id, template_id, author_id, holder_id, language,
			started_at, changed_at, sent_at, answers)
		select note.id, ${reviewId}::uuid, note.session_id, note.group_id, ${templateId}::uuid, note.author_id,
			note.author_id, 'en', note.sent_at - interval '50 minutes', note.sent_at, note.sent_at,
			case note.shorter when 1 then variant.answers - 'contradict' else variant.answers end
				|| jsonb_build_object('session', note.session_id)
		from unnest(${notes.ids}::uuid[], ${notes.sessions}::uuid[], ${notes.groups}::uuid[], ${notes.authors}::uuid[],
			${notes.sentAt}::timestamptz[], ${notes.variants}::int[], ${notes.shorter}::int[])
			as note (id, session_id, group_id, author_id, sent_at, variant, shorter)
		join jsonb_array_elements(${JSON.stringify(answers)}::text::jsonb) with ordinality as variant (answers, no)
			on variant.no = note.variant + 1`;
}

/** Without it the planner would go by the size the tables had before. */
export async function analyseSeeded(sql: ISql): Promise<void> {
	await sql`
		analyze network.organisations, network.people, network.affiliations, network.roles, visits.groups,
			visits.group_members, visits.sessions, reviews.notes, reviews.answers, mentoring.pairs, mentoring.seats,
			mentoring.plans, mentoring.plan_sections, collaboration.documents, collaboration.updates, progress.activity`;
}
