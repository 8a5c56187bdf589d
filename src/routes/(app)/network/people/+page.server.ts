import { listingOf } from '../../../listing.ts';
import { signedIn } from '../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const listing = listingOf(url);
	return { ...(await locals.backend.network.directory(signedIn(locals), listing)), words: listing.words };
};
