import type { Db } from '../basics/database.ts';

export const programmeById = async (db: Db, id: string) => {
	const [row] = await db<
		{
			id: string;
			name: string;
			aim: string;
			funder: string | null;
			funderStatement: string | null;
			ledBy: string;
			since: string;
			until: string | null;
			source: string | null;
		}[]
	>`
		select p.id, p.name, p.aim, p.funder, p.funder_statement as "funderStatement", o.name as "ledBy", p.since, p.until, p.source
		from network.programmes p join network.organisations o on o.id = p.led_by where p.id = ${id}`;
	return row;
};

export const programmeEvents = (db: Db, programmeId: string) => db<
	{ id: string; startsOn: string; endsOn: string; title: string }[]
>`
	select id, starts_on as "startsOn", ends_on as "endsOn", title from network.programme_events
	where programme_id = ${programmeId} order by starts_on, title`;

export const programmeReviews = (db: Db, programmeId: string, limit: number) => db<
	{
		id: string;
		title: string;
		host: string;
		startsOn: string;
		endsOn: string;
		notesSent: number;
		drafts: number;
		lastAt: Date | null;
	}[]
>`
	select r.id, r.title, o.name as host, v.starts_on as "startsOn", v.ends_on as "endsOn", r.notes_sent as "notesSent", r.drafts,
		r.last_sent_at as "lastAt"
	from reviews.reviews r join visits.visits v on v.id = r.visit_id join network.organisations o on o.id = r.host_id
	where r.programme_id = ${programmeId}
	order by v.starts_on desc, r.title limit ${limit}`;

export const programmePairs = (db: Db, programmeId: string, limit: number) => db<
	{
		id: string;
		name: string;
		theme: string;
		plan: string | null;
		planId: string | null;
		words: number;
		lastAt: Date | null;
	}[]
>`
	select p.id, p.name, s.theme, l.title as plan, l.id as "planId",
		coalesce((select sum(c.word_count) from mentoring.plan_sections c where c.plan_id = l.id), 0) as words,
		(select max(c.last_at) from mentoring.plan_changes c where c.plan_id = l.id) as "lastAt"
	from mentoring.pairs p join mentoring.schemes s on s.id = p.scheme_id
	left join mentoring.plans l on l.pair_id = p.id
	where p.programme_id = ${programmeId} order by s.no, p.name limit ${limit}`;

type Seen = string[] | 'all';
const ids = (seen: Seen) => (seen === 'all' ? [] : seen);

/** Lists end at fifty: who sees everything (an admin) finds the rest by search. */
export const workOf = async (db: Db, personId: string, seen: { programmes: Seen; reviews: Seen; pairs: Seen }) => {
	const [programmes, reviews, pairs, drafts] = await Promise.all([
		db<{ id: string; name: string; since: string; until: string | null }[]>`
			select id, name, since, until from network.programmes
			where ${seen.programmes === 'all'} or id = any(${ids(seen.programmes)}::uuid[]) order by since desc, name limit 50`,
		db<{ id: string; title: string; host: string; startsOn: string; endsOn: string }[]>`
			select r.id, r.title, o.name as host, v.starts_on as "startsOn", v.ends_on as "endsOn"
			from reviews.reviews r join visits.visits v on v.id = r.visit_id join network.organisations o on o.id = r.host_id
			where ${seen.reviews === 'all'} or r.id = any(${ids(seen.reviews)}::uuid[]) order by v.starts_on desc limit 50`,
		db<{ id: string; name: string; planId: string | null; plan: string | null }[]>`
			select p.id, p.name, l.id as "planId", l.title as plan from mentoring.pairs p left join mentoring.plans l on l.pair_id = p.id
			where ${seen.pairs === 'all'} or p.id = any(${ids(seen.pairs)}::uuid[]) order by p.since desc, p.name limit 50`,
		db<{ id: string; title: string; session: string | null; review: string; changedAt: Date }[]>`
			select n.id, t.title, s.title as session, r.title as review, n.changed_at as "changedAt"
			from reviews.notes n join basics.form_templates t on t.id = n.template_id join reviews.reviews r on r.id = n.review_id
			left join visits.sessions s on s.id = n.session_id
			where n.holder_id = ${personId} and n.sent_at is null order by n.changed_at desc limit 50`
	]);
	return { programmes, reviews, pairs, drafts };
};
