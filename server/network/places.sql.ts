import type { Db } from '../basics/database.ts';
import type { Place } from './places.ts';

export const observatoryPlace = async (db: Db, id: string): Promise<Place | undefined> => {
	const [row] = await db<{ name: string }[]>`select name from network.observatories where id = ${id}`;
	return row && { name: row.name, standing: { observatory: id }, path: '/network/cities' };
};

export const programmePlace = async (db: Db, id: string): Promise<Place | undefined> => {
	const [row] = await db<{ name: string }[]>`select name from network.programmes where id = ${id}`;
	return row && { name: row.name, standing: { programme: id }, path: `/progress/programmes/${id}` };
};
