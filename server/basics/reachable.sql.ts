import type { Sql } from './database.ts';

/** Whether the database answers at all. */
export const isReachable = (sql: Sql): Promise<boolean> =>
	sql`select 1`.then(
		() => true,
		() => false
	);
