import type { Db } from '../basics/database.ts';

export const isNew = async (db: Db): Promise<boolean> => {
	const [row] = await db<{ fresh: boolean }[]>`select not exists (select from network.people) as fresh`;
	return row!.fresh;
};
