import { fail, redirect } from '@sveltejs/kit';
import { idIn, signedIn } from '../../../../signed-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const actor = signedIn(locals);
	return {
		...(await locals.backend.network.handoverForm(actor, { from: idIn(params.person) })),
		own: params.person === actor.personId
	};
};

export const actions: Actions = {
	default: async ({ request, locals, params }) => {
		const form = await request.formData();
		const done = await locals.backend.network.handOver(signedIn(locals), {
			from: idIn(params.person),
			to: form.get('to')
		});
		if ('issues' in done) return fail(422, { issues: done.issues });
		redirect(303, '/progress');
	}
};
