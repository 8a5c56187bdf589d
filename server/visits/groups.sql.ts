import type { Tx } from '../basics/database.ts';

/** The colleague takes the leaver's part in each group of a visit; both names stay. */
export const moveGroupParts = async (tx: Tx, from: string, to: string, today: string): Promise<void> => {
	await tx`
		insert into visits.group_members (group_id, person_id, part, since)
		select group_id, ${to}, part, ${today} from visits.group_members where person_id = ${from} and until is null
		on conflict do nothing`;
	await tx`
		update visits.group_members set until = greatest(since, ${today}::date - 1) where person_id = ${from} and until is null`;
};
