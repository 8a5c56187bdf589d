import { listingOf } from '../../../listing.ts';
import { signedIn } from '../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const listing = { ...listingOf(url), country: (url.searchParams.get('country') ?? '').slice(0, 2) };
	return {
		...(await locals.backend.network.cities(signedIn(locals), listing)),
		words: listing.words,
		country: listing.country
	};
};
