import type { Db } from '../basics/database.ts';

export const cityOf = async (db: Db, personId: string) => {
	const [row] = await db<{ city: string; colour: number }[]>`
		select o.name as city, o.colour from network.affiliations a join network.organisations o on o.id = a.organisation_id
		where a.person_id = ${personId} and a.until is null order by a.since desc limit 1`;
	return row;
};
