import type { Db } from './database.ts';

export const readSetting = async <T>(db: Db, name: string): Promise<T | undefined> => {
	const [row] = await db<{ value: T }[]>`select value from basics.settings where name = ${name}`;
	return row?.value;
};

export const writeSetting = (db: Db, name: string, value: unknown) => db`
	insert into basics.settings (name, value) values (${name}, ${db.json(value as never)})
	on conflict (name) do update set value = excluded.value, changed_at = now()`;

export const removeSetting = async (db: Db, name: string): Promise<boolean> => {
	const rows = await db`delete from basics.settings where name = ${name} returning name`;
	return rows.length > 0;
};
