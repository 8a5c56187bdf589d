import { fail } from '@sveltejs/kit';
import { idIn, signedIn } from '../../../../../signed-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) =>
	locals.backend.network.invitationForm(signedIn(locals), { scopeKind: params.kind, scopeId: idIn(params.id) });

export const actions: Actions = {
	default: async ({ request, locals, params }) => {
		const form = await request.formData();
		const typed = {
			email: String(form.get('email') ?? ''),
			name: String(form.get('name') ?? ''),
			role: String(form.get('role') ?? ''),
			language: String(form.get('language') ?? '')
		};
		const done = await locals.backend.network.invite(signedIn(locals), {
			...typed,
			scopeKind: params.kind,
			scopeId: idIn(params.id),
			organisationId: null
		});
		if ('issues' in done) return fail(422, { issues: done.issues, typed });
		return { invited: typed.email };
	}
};
