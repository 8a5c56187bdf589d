import { seedDemo } from '#db/seed/demo.ts';
import type { Sql } from '../basics/database.ts';
import { isNew } from './seed.sql.ts';

/** Seeds the demo network into a database that nobody has used yet. */
export async function seedWhenNew(sql: Sql, today: Date, say: (line: string) => void): Promise<void> {
	if (!(await isNew(sql))) return;
	say('The database is new: seeding the demo network.');
	await seedDemo(sql, { today });
}
