import type { Db } from '../basics/database.ts';

/** Whether somebody is admin on this day, and can sign in. */
export const hasAdmin = async (db: Db, today: string): Promise<boolean> => {
	const [row] = await db<{ held: boolean }[]>`
		select exists (
			select from network.roles r join network.people p on p.id = r.person_id and p.deactivated_at is null
			where r.role = 'admin' and r.handed_to is null and (r.until is null or r.until >= ${today})
		) as held`;
	return row!.held;
};
