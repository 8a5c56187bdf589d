import type { Step } from '#domain/reviews/step.ts';
import type { Db } from '../basics/database.ts';

export interface ReviewRow {
	id: string;
	programmeId: string;
	programme: string;
	visitId: string;
	title: string;
	topic: string;
	host: string;
	hostSlug: string;
	language: string;
	startsOn: string;
	endsOn: string;
	timeZone: string;
	closedAt: Date | null;
	source: string | null;
}

export const reviewById = async (db: Db, id: string): Promise<ReviewRow | undefined> => {
	const [row] = await db<ReviewRow[]>`
		select r.id, r.programme_id as "programmeId", p.name as programme, r.visit_id as "visitId", r.title, r.topic,
			o.name as host, o.slug as "hostSlug", r.language, v.starts_on as "startsOn", v.ends_on as "endsOn",
			v.time_zone as "timeZone", r.closed_at as "closedAt", v.source
		from reviews.reviews r join visits.visits v on v.id = r.visit_id
		join network.organisations o on o.id = r.host_id join network.programmes p on p.id = r.programme_id
		where r.id = ${id}`;
	return row;
};

export const guidingQuestions = (db: Db, reviewId: string) => db<
	{ id: string; no: number; text: string; language: string }[]
>`
	select id, no, text, language from reviews.guiding_questions where review_id = ${reviewId} order by no`;

export const stepsOf = (db: Db, reviewId: string) => db<(Step & { id: string })[]>`
	select id, no, title, phase, owner, form_codes as "formCodes", offset_days as "offsetDays"
	from reviews.steps where review_id = ${reviewId} order by no`;

export interface GroupRow {
	id: string;
	name: string;
	topic: string;
	colour: number;
	members: { personId: string; name: string; part: string }[];
}

export const groupsOf = (db: Db, visitId: string, today: string) => db<GroupRow[]>`
	select g.id, g.name, g.topic, g.colour, coalesce((
		select jsonb_agg(jsonb_build_object('personId', p.id, 'name', p.name, 'part', m.part) order by p.name)
		from visits.group_members m join network.people p on p.id = m.person_id
		where m.group_id = g.id and (m.until is null or m.until >= ${today})
	), '[]') as members
	from visits.groups g where g.visit_id = ${visitId} order by g.name`;

export interface SessionRow {
	id: string;
	groupId: string | null;
	kind: string;
	title: string;
	place: string | null;
	startsAt: Date;
	endsAt: Date;
	peopleMet: string | null;
	interpreter: boolean;
}

export const sessionsOf = (db: Db, visitId: string) => db<SessionRow[]>`
	select id, group_id as "groupId", kind, title, place, starts_at as "startsAt", ends_at as "endsAt",
		people_met as "peopleMet", interpreter
	from visits.sessions where visit_id = ${visitId} order by starts_at, title`;

export const visitingCities = (db: Db, visitId: string) => db<{ name: string; slug: string; country: string }[]>`
	select o.name, o.slug, o.country from visits.visiting_cities v join network.organisations o on o.id = v.organisation_id
	where v.visit_id = ${visitId} order by o.name`;

/** Notes this person may know of: their own, and sent ones of the groups they are in. */
export const notesSeenBy = (db: Db, reviewId: string, { personId, today }: { personId: string; today: string }) => db<
	{
		id: string;
		session: string | null;
		author: string;
		mine: boolean;
		formTitle: string;
		changedAt: Date;
		sentAt: Date | null;
	}[]
>`
	select n.id, s.title as session, p.name as author, n.holder_id = ${personId} as mine, t.title as "formTitle",
		n.changed_at as "changedAt", n.sent_at as "sentAt"
	from reviews.notes n
	join network.people p on p.id = n.author_id
	join basics.form_templates t on t.id = n.template_id
	left join visits.sessions s on s.id = n.session_id
	where n.review_id = ${reviewId} and (
		n.holder_id = ${personId}
		or n.sent_at is not null and exists (
			select from visits.group_members m
			where m.group_id = n.group_id and m.person_id = ${personId} and (m.until is null or m.until >= ${today})
		)
	)
	order by n.sent_at desc nulls first, n.changed_at desc limit 200`;
