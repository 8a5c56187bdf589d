import type { Db } from '../basics/database.ts';

export const hasAdmin = async (db: Db): Promise<boolean> => {
	const [row] = await db<{ held: boolean }[]>`
		select exists (select from network.roles where role = 'admin' and (until is null or until >= current_date)) as held`;
	return row!.held;
};
