import { signedIn } from '../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
	locals.backend.progress.search(signedIn(locals), { words: url.searchParams.get('words') ?? '' });
