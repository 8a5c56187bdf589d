import type { Sql } from 'postgres';
import { addDays, dayIn } from './day.ts';
import { organisationRows, zoneOf } from './demo-cities.ts';
import { libraryRows } from './demo-library.ts';
import { pairRows } from './demo-pairs.ts';
import { peopleRows } from './demo-people.ts';
import { planRows } from './demo-plans.ts';
import { programmeRows } from './demo-programmes.ts';
import { joined, reviewRows } from './demo-reviews.ts';
import {
	hasDemoPeople,
	insertActivityOf,
	insertAnswersOf,
	insertRows,
	nameNetwork,
	newestTemplate,
	seededTables,
	takeSeedLock
} from './demo.sql.ts';
import { noteRows } from './demo-timisoara.ts';
import { seedId } from './id.ts';

/**
 * Fills a database whose migrations and form templates are there with a small believable network: cities, observatories,
 * a mentoring programme with four pairs and their action plans, a review going on in Munich and one of the past.
 * Does nothing, and says so with zeros, when people of the demo are there already.
 *
 * @param today the review in Munich began the day before and ends the day after
 */
export async function seedDemo(
	sql: Sql,
	{ today }: { today: Date }
): Promise<{ people: number; organisations: number; plans: number }> {
	return await sql.begin(async (tx) => {
		await takeSeedLock(tx);
		if (await hasDemoPeople(tx)) return { people: 0, organisations: 0, plans: 0 };
		const template = await newestTemplate(tx, 'F9');
		const munichStartsOn = addDays(dayIn(today, zoneOf('munich')), -1);
		const rows = joined([
			organisationRows(today),
			programmeRows(),
			peopleRows(today),
			reviewRows(munichStartsOn),
			pairRows(),
			planRows(),
			libraryRows(today),
			noteRows(template.id)
		]);
		await nameNetwork(tx, 'CityPeers demo network', today);
		for (const table of seededTables) {
			const some = rows[table];
			if (some) await insertRows(tx, table, some);
		}
		const reviews = [seedId('review', 'timisoara')];
		await insertAnswersOf(tx, reviews);
		await insertActivityOf(tx, reviews);
		return {
			people: rows['network.people']?.length ?? 0,
			organisations: rows['network.organisations']?.length ?? 0,
			plans: rows['mentoring.plans']?.length ?? 0
		};
	});
}
