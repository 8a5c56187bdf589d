import { signedIn } from '../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const before = Number(url.searchParams.get('before'));
	return locals.backend.network.readAudit(
		signedIn(locals),
		Number.isSafeInteger(before) && before > 0 ? { before } : {}
	);
};
