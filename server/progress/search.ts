import { Refusal } from '#domain/basics/refusal.ts';
import { may, placesFor, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Parts } from '../basics/parts.ts';
import { found } from './search.sql.ts';

const shown = 30;

/** Everything with these words in its name that this person may see; nothing else, not even a count. */
export async function search(parts: Parts, actor: Actor, input: { words: string }) {
	const refusal = whyNot(actor, 'search.use', {});
	if (refusal) throw new Refusal(refusal);
	// PostgreSQL keeps no null bytes in texts, so they are not looked for.
	const words = input.words.replaceAll('\0', '').trim().slice(0, 100);
	if (words.length < 2) return { words, results: [] };
	const results = await found(
		parts.sql,
		words,
		{
			directory: may(actor, 'directory.read', {}),
			programmes: placesFor(actor, 'programme.read', 'programme'),
			reviews: placesFor(actor, 'review.read', 'review'),
			// A review is also open to the leads of its programme.
			programmesOfReviews: placesFor(actor, 'review.read', 'programme'),
			pairs: placesFor(actor, 'plan.read', 'pair'),
			programmesOfPairs: placesFor(actor, 'plan.read', 'programme')
		},
		shown
	);
	return { words, results };
}
