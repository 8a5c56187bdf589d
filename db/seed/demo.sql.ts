import type { ISql } from 'postgres';

/** Tables that the seed fills, in an order their references allow. */
export const seededTables = [
	'network.organisations',
	'network.people',
	'network.affiliations',
	'network.observatories',
	'network.programmes',
	'network.programme_events',
	'visits.visits',
	'visits.visiting_cities',
	'visits.groups',
	'visits.group_members',
	'visits.sessions',
	'reviews.reviews',
	'reviews.guiding_questions',
	'reviews.steps',
	'mentoring.schemes',
	'mentoring.pairs',
	'mentoring.seats',
	'mentoring.pair_visits',
	'mentoring.plans',
	'mentoring.plan_sections',
	'collaboration.documents',
	'collaboration.updates',
	'collaboration.client_ids',
	'library.practices',
	'library.pledges',
	'network.roles',
	'reviews.notes'
] as const;
type SeededTable = (typeof seededTables)[number];

/** Column -> value; every row of one table names the same columns. */
export type Row = Record<string, unknown>;
export type Rows = Partial<Record<SeededTable, Row[]>>;

/** Two starts at once: the second waits here until the first has committed, and then sees its rows. */
export async function takeSeedLock(sql: ISql): Promise<void> {
	await sql`select pg_advisory_xact_lock(hashtext('citypeers seed'))`;
}

/** A name that somebody gave the network before stays. */
export async function nameNetwork(sql: ISql, name: string, at: Date): Promise<void> {
	await sql`
		insert into basics.settings (name, value, changed_at) values ('network-name', ${sql.json(name)}, ${at})
		on conflict (name) do nothing`;
}

export async function hasDemoPeople(sql: ISql): Promise<boolean> {
	const [row] = await sql<{ there: boolean }[]>`select exists (select from network.people where demo) as there`;
	return row?.there ?? false;
}

/** The newest version of a form. @throws Error when the templates were not loaded before. */
export async function newestTemplate(sql: ISql, code: string): Promise<{ id: string; title: string }> {
	const [row] = await sql<{ id: string; title: string }[]>`
		select id, title from basics.form_templates where code = ${code} order by version desc limit 1`;
	if (!row) throw new Error(`Form ${code} is not in basics.form_templates: load the form templates before the seed.`);
	return row;
}

/** Below the 65,535 parameters of one statement, and small enough to plan at once. */
const rowsAtOnce = 500;

export async function insertRows(sql: ISql, table: SeededTable, rows: Row[]): Promise<void> {
	const columns = Object.keys(rows[0] ?? {});
	const odd = rows.find((row) => Object.keys(row).length !== columns.length);
	if (odd) throw new Error(`A row of ${table} has other columns than the first: ${JSON.stringify(odd)}`);
	for (let from = 0; from < rows.length; from += rowsAtOnce)
		await sql`insert into ${sql(table)} ${sql(rows.slice(from, from + rowsAtOnce) as Record<string, never>[], columns)}`;
}

/** The answers of sent notes, one row a question. */
export async function insertAnswersOf(sql: ISql, reviewIds: string[]): Promise<void> {
	await sql`
		insert into reviews.answers (note_id, question_id, visibility, value)
		select notes.id, answer.key, case answer.key when 'take' then 'author' else 'group' end, answer.value
		from reviews.notes
		cross join lateral jsonb_each(notes.answers) as answer
		where notes.review_id = any (${reviewIds}::uuid[]) and notes.sent_at is not null`;
}

/** What the programme is told of each sent note: the form, the group and the session, never the answers. */
export async function insertActivityOf(sql: ISql, reviewIds: string[]): Promise<void> {
	await sql`
		insert into progress.activity (id, programme_id, at, kind, person_ids, subject_kind, subject_id, detail, told_once)
		select md5('activity/' || notes.id)::uuid, reviews.programme_id, notes.sent_at, 'note-sent', array[notes.author_id], 'review',
			reviews.id,
			jsonb_build_object('form', templates.code, 'title', templates.title, 'group', groups.name,
				'session', sessions.title),
			'note-sent:' || notes.id
		from reviews.notes
		join reviews.reviews on reviews.id = notes.review_id
		join basics.form_templates as templates on templates.id = notes.template_id
		left join visits.groups on groups.id = notes.group_id
		left join visits.sessions on sessions.id = notes.session_id
		where notes.review_id = any (${reviewIds}::uuid[]) and notes.sent_at is not null`;
}
