import { redirect } from '@sveltejs/kit';
import { keepSession } from '../../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

/** Looking changes nothing. */
export const load: PageServerLoad = ({ params, locals }) =>
	locals.backend.network.lookAtInvitation(locals.actor, { token: params.token });

export const actions: Actions = {
	default: async ({ params, request, cookies, locals, url }) => {
		const accepted = await locals.backend.network.accept(locals.actor, {
			token: params.token,
			userAgent: request.headers.get('user-agent'),
			timeZone: 'Europe/Brussels'
		});
		keepSession(cookies, url, accepted);
		redirect(303, accepted.path);
	}
};
