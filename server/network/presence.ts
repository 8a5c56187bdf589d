import type { Presence } from '#domain/network/presence.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Db } from '../basics/database.ts';
import { cityOf } from './presence.sql.ts';

/** What others see of a person in a document: name and city from the database, never from the wire. */
export async function presenceOf(db: Db, actor: Actor): Promise<Presence> {
	let city = seen.get(actor);
	if (!city) {
		city = (await cityOf(db, actor.personId)) ?? { city: '', colour: 0 };
		seen.set(actor, city);
	}
	return { name: actor.name, ...city };
}

/** Kept as long as the actor object lives, that is until rights are asked again. */
const seen = new WeakMap<Actor, { city: string; colour: number }>();

/** The colours of cities, dark enough for white words (4.5:1); the same list as the tokens of the look. */
const colours = [
	'#0b5c5c',
	'#8a3b12',
	'#3d4f9e',
	'#7a2a63',
	'#4c6410',
	'#9b2335',
	'#1f6390',
	'#6b4a12',
	'#5a3fa0',
	'#0f6b3f',
	'#84345a',
	'#46566b'
];

export function colourOf(person: Pick<Presence, 'colour'>): string {
	return colours[person.colour % colours.length]!;
}
