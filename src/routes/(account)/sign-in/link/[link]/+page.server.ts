import { redirect } from '@sveltejs/kit';
import { forgetSignIn, keepSession, signInOf } from '../../../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

/** Looking never uses the link up: mail scanners look too. */
export const load: PageServerLoad = ({ params, cookies, locals }) =>
	locals.backend.network.lookAtLink({ link: params.link, browserToken: signInOf(cookies) });

export const actions: Actions = {
	default: async ({ params, request, cookies, locals, url }) => {
		const session = await locals.backend.network.signInWithLink({
			link: params.link,
			browserToken: signInOf(cookies),
			userAgent: request.headers.get('user-agent')
		});
		keepSession(cookies, url, session);
		forgetSignIn(cookies, url);
		redirect(303, '/progress');
	}
};
