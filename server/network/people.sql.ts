import type { Db } from '../basics/database.ts';
import { containing } from './words.sql.ts';

export const peoplePage = (db: Db, words: string, offset: number, limit: number) => db<
	{
		id: string;
		name: string;
		demo: boolean;
		organisation: string | null;
		function: string | null;
		slug: string | null;
	}[]
>`
	select p.id, p.name, p.demo, o.name as organisation, a.function, o.slug
	from network.people p
	left join lateral (
		select organisation_id, function from network.affiliations
		where person_id = p.id and until is null order by since desc limit 1
	) a on true
	left join network.organisations o on o.id = a.organisation_id
	where p.deactivated_at is null and basics.folded(p.name) like ${containing(db, words)}
	order by p.name, p.id offset ${offset} limit ${limit}`;

export const citiesPage = (db: Db, words: string, country: string, offset: number, limit: number) => db<
	{
		id: string;
		slug: string;
		name: string;
		country: string;
		population: number | null;
		populationYear: number | null;
		observatory: boolean;
		colour: number;
	}[]
>`
	select o.id, o.slug, o.name, o.country, o.population, o.population_year as "populationYear", o.colour,
		exists (select from network.observatories l where l.organisation_id = o.id) as observatory
	from network.organisations o
	where o.kind = 'city' and (${country} = '' or o.country = ${country})
		and basics.folded(o.name) like ${containing(db, words)}
	order by o.name, o.id offset ${offset} limit ${limit}`;

export const cityBySlug = async (db: Db, slug: string) => {
	const [row] = await db<
		{
			id: string;
			slug: string;
			kind: string;
			name: string;
			country: string;
			languages: string[];
			population: number | null;
			populationYear: number | null;
			populationSource: string | null;
			about: string | null;
			source: string | null;
			colour: number;
		}[]
	>`
		select id, slug, kind, name, country, languages, population, population_year as "populationYear",
			population_source as "populationSource", about, source, colour
		from network.organisations where slug = ${slug}`;
	return row;
};

export const membersOf = (db: Db, organisationId: string, today: string) => db<
	{ id: string; name: string; function: string; demo: boolean }[]
>`
	select p.id, p.name, a.function, p.demo from network.affiliations a join network.people p on p.id = a.person_id
	where a.organisation_id = ${organisationId} and a.since <= ${today} and (a.until is null or a.until >= ${today})
		and p.deactivated_at is null
	order by p.name, p.id limit 200`;

export const observatoriesOf = (db: Db, organisationId: string) => db<
	{ id: string; name: string; since: string; until: string | null; source: string | null }[]
>`
	select id, name, since, until, source from network.observatories where organisation_id = ${organisationId} order by since`;

export const setLanguage = (db: Db, personId: string, language: string) => db`
	update network.people set language = ${language} where id = ${personId}`;

/** One object; each table that holds something about the person is one list in it. */
export const personalData = async (db: Db, personId: string) => {
	const [row] = await db<{ data: Record<string, unknown> }[]>`
		select jsonb_build_object(
			'person', (select to_jsonb(p) from network.people p where p.id = ${personId}),
			'affiliations', (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from network.affiliations a where a.person_id = ${personId}),
			'roles', (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from network.roles r where r.person_id = ${personId}),
			'sessions', (select coalesce(jsonb_agg(jsonb_build_object('device', s.device, 'created_at', s.created_at, 'seen_at', s.seen_at)), '[]')
				from network.sessions s where s.person_id = ${personId}),
			'sign_ins', (select coalesce(jsonb_agg(jsonb_build_object('email', i.email, 'created_at', i.created_at, 'used_at', i.used_at)), '[]')
				from network.sign_ins i where i.person_id = ${personId}),
			'handovers', (select coalesce(jsonb_agg(to_jsonb(h)), '[]') from network.handovers h where ${personId} in (h.from_person, h.to_person)),
			'invitations', (select coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'email', i.email, 'role', i.role,
					'created_at', i.created_at, 'accepted_at', i.accepted_at)), '[]')
				from network.invitations i join network.people p on p.id = ${personId} where i.email = p.email),
			'mails', (select coalesce(jsonb_agg(jsonb_build_object('subject', l.subject, 'created_at', l.created_at, 'sent_at', l.sent_at)), '[]')
				from basics.mails l join network.people p on p.id = ${personId} where l.to_address = p.email),
			'files', (select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'bytes', f.bytes, 'created_at', f.created_at)), '[]')
				from basics.files f where f.created_by = ${personId}),
			'audit', (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from network.audit t where t.person_id = ${personId})
		) as data`;
	return row!.data;
};
