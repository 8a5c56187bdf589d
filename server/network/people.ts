import { Refusal } from '#domain/basics/refusal.ts';
import { whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { isInterfaceLanguage } from '#domain/basics/language.ts';
import type { Parts } from '../basics/parts.ts';
import { audited } from './audit.ts';
import type { PersonalSources } from './personal-data.ts';
import {
	citiesPage,
	cityBySlug,
	membersOf,
	observatoriesOf,
	peoplePage,
	personalData,
	setLanguage
} from './people.sql.ts';

const pageSize = 40;

export interface Listing {
	/** Words to look for, in any spelling of accents. */
	words: string;
	page: number;
}

/** The people of the network. @throws Refusal forbidden for guests: the directory's existence is no secret */
export async function directory(parts: Parts, actor: Actor, input: Listing) {
	const refusal = whyNot(actor, 'directory.read', {});
	if (refusal) throw new Refusal(refusal);
	return paged(await peoplePage(parts.sql, input.words, (input.page - 1) * pageSize, pageSize + 1), input.page);
}

/** The cities of the network with their countries and sizes; what is no country's code chooses none. @throws Refusal forbidden for guests */
export async function cities(parts: Parts, actor: Actor, input: Listing & { country: string }) {
	const refusal = whyNot(actor, 'directory.read', {});
	if (refusal) throw new Refusal(refusal);
	const country = /^[A-Z]{2}$/.test(input.country) ? input.country : '';
	return paged(
		await citiesPage(parts.sql, input.words, country, (input.page - 1) * pageSize, pageSize + 1),
		input.page
	);
}

/** One organisation with its people and the times it hosted an observatory. */
export async function organisation(parts: Parts, actor: Actor, input: { slug: string }) {
	const found = input.slug.includes('\0') ? undefined : await cityBySlug(parts.sql, input.slug);
	const refusal = whyNot(actor, 'organisation.read', {});
	if (!found || refusal) throw new Refusal(refusal ?? 'not-found');
	return {
		...found,
		people: await membersOf(parts.sql, found.id, actor.today),
		observatories: await observatoriesOf(parts.sql, found.id)
	};
}

export async function chooseLanguage(parts: Parts, actor: Actor, input: { language: unknown }): Promise<void> {
	if (!isInterfaceLanguage(input.language)) throw new Refusal('invalid');
	await setLanguage(parts.sql, actor.personId, input.language);
}

/** All that is stored about the person who asks, as it stands in the tables; leaves a row in the audit trail. */
export async function exportMyData(parts: Parts & { personal: PersonalSources }, actor: Actor) {
	return parts.sql.begin(async (tx) => {
		await audited(parts, tx, {
			person: actor.personId,
			act: 'account.export',
			subject: { kind: 'person', id: actor.personId }
		});
		return { ...(await personalData(tx, actor.personId)), ...(await parts.personal.collect(tx, actor.personId)) };
	});
}

function paged<Row>(rows: Row[], page: number): { rows: Row[]; page: number; more: boolean } {
	return { rows: rows.slice(0, pageSize), page, more: rows.length > pageSize };
}
