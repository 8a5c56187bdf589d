import { idIn, signedIn } from '../../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(`programme:${params.programme}`);
	return locals.backend.progress.programme(signedIn(locals), { programmeId: idIn(params.programme) });
};
