import type { Tx } from '../basics/database.ts';

/**
 * The colleague takes the leaver's part in each group of a visit; both names stay.
 * @param programmes only in the visits of these
 */
export const moveGroupParts = async (
	tx: Tx,
	from: string,
	to: string,
	today: string,
	programmes: string[] | 'all'
): Promise<void> => {
	const all = programmes === 'all';
	const some = all ? [] : programmes;
	await tx`
		insert into visits.group_members (group_id, person_id, part, since)
		select m.group_id, ${to}, m.part, ${today} from visits.group_members m
		join visits.groups g on g.id = m.group_id join visits.visits v on v.id = g.visit_id
		where m.person_id = ${from} and m.until is null and (${all} or v.programme_id = any(${some}::uuid[]))
		on conflict do nothing`;
	await tx`
		update visits.group_members m set until = greatest(m.since, ${today}::date - 1)
		from visits.groups g join visits.visits v on v.id = g.visit_id
		where g.id = m.group_id and m.person_id = ${from} and m.until is null
			and (${all} or v.programme_id = any(${some}::uuid[]))`;
};

export const groupPartsOf = (tx: Tx, personId: string) => tx<Record<string, unknown>[]>`
	select g.name as "group", v.title as visit, m.part, m.since, m.until
	from visits.group_members m join visits.groups g on g.id = m.group_id join visits.visits v on v.id = g.visit_id
	where m.person_id = ${personId} order by m.since, v.title`;
