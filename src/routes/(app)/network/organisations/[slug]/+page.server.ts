import { signedIn } from '../../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	organisation: await locals.backend.network.organisation(signedIn(locals), { slug: params.slug })
});
