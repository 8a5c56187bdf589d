import type { Role } from '#domain/network/role.ts';
import type { Db } from '../basics/database.ts';

export const pairById = async (db: Db, id: string) => {
	const [row] = await db<
		{
			id: string;
			name: string;
			programmeId: string;
			programme: string;
			scheme: string;
			theme: string;
			since: string;
			until: string | null;
		}[]
	>`
		select p.id, p.name, p.programme_id as "programmeId", g.name as programme, s.name as scheme, s.theme, p.since, p.until
		from mentoring.pairs p join mentoring.schemes s on s.id = p.scheme_id join network.programmes g on g.id = p.programme_id
		where p.id = ${id}`;
	return row;
};

export interface SeatRow {
	id: string;
	seat: 'mentor' | 'mentee' | 'mentor-association' | 'mentee-association' | 'facilitator';
	organisation: string;
	slug: string;
	kind: string;
	country: string;
	colour: number;
	since: string;
	until: string | null;
	reason: string | null;
}

export const seatsOf = (db: Db, pairId: string) => db<SeatRow[]>`
	select s.id, s.seat, o.name as organisation, o.slug, o.kind, o.country, o.colour, s.since, s.until, s.reason
	from mentoring.seats s join network.organisations o on o.id = s.organisation_id
	where s.pair_id = ${pairId}
	order by array_position(array['mentor', 'mentee', 'mentor-association', 'mentee-association', 'facilitator'], s.seat),
		s.until nulls first, s.since`;

export const pairPeople = (db: Db, pairId: string) => db<
	{
		personId: string;
		name: string;
		role: Role;
		organisation: string | null;
		since: string;
		until: string | null;
		demo: boolean;
	}[]
>`
	select p.id as "personId", p.name, r.role, o.name as organisation, r.since, r.until, p.demo
	from network.roles r join network.people p on p.id = r.person_id left join network.organisations o on o.id = r.organisation_id
	where r.scope_kind = 'pair' and r.scope_id = ${pairId}
	order by array_position(array['mentor', 'mentee', 'association', 'facilitator', 'guest'], r.role), r.until nulls first, p.name`;

export const pairVisits = (db: Db, pairId: string) => db<
	{ no: number; title: string; mode: string; startsOn: string; endsOn: string; host: string }[]
>`
	select pv.no, v.title, v.mode, v.starts_on as "startsOn", v.ends_on as "endsOn", o.name as host
	from mentoring.pair_visits pv join visits.visits v on v.id = pv.visit_id join network.organisations o on o.id = v.host_id
	where pv.pair_id = ${pairId} order by pv.no`;

export const planOfPair = async (db: Db, pairId: string) => {
	const [row] = await db<{ id: string; title: string; language: string }[]>`
		select id, title, language from mentoring.plans where pair_id = ${pairId} order by created_at limit 1`;
	return row;
};
