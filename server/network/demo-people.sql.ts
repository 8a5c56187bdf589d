import type { Db } from '../basics/database.ts';

/** One demo person a role, for the console and the sign-in page outside production. */
export const demoPeople = (db: Db) => db<{ email: string; name: string; role: string; place: string | null }[]>`
	select email, name, role, place from (
		select distinct on (r.role) p.email, p.name, r.role, o.name as place
		from network.roles r join network.people p on p.id = r.person_id and p.demo and p.deactivated_at is null
		left join network.affiliations a on a.person_id = p.id and a.until is null
		left join network.organisations o on o.id = a.organisation_id
		where (r.until is null or r.until >= current_date)
		-- The people the README tells its story with come first.
		order by r.role, p.email in ('admin@eurocities.example', 'lead@cemr.example', 'expert@bologna.example', 'mentor@mechelen.example',
			'mentee@capaci.example', 'host@munich.example', 'review-lead@stockholm.example') desc, p.email
	) people
	order by array_position(array['admin', 'project-lead', 'review-lead', 'visiting-expert', 'host-lead', 'mentor', 'mentee',
		'association', 'facilitator', 'observatory-editor', 'guest'], role)`;
