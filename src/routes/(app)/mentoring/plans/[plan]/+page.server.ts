import { idIn, signedIn } from '../../../../signed-in.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) =>
	locals.backend.mentoring.plan(signedIn(locals), { planId: idIn(params.plan) });
