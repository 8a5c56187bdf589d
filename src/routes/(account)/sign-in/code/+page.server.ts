import { fail, redirect } from '@sveltejs/kit';
import { safePath } from '#domain/basics/url.ts';
import { forgetSignIn, keepSession, signInOf } from '../../../session-cookie.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ cookies, url, locals }) => {
	const to = safePath(url.searchParams.get('to'));
	if (locals.actor) redirect(303, to);
	// Nothing was asked for in this browser, or it is over: back to the beginning.
	if (!signInOf(cookies)) redirect(303, '/sign-in');
	return { to };
};

export const actions: Actions = {
	default: async ({ request, locals, cookies, url }) => {
		const form = await request.formData();
		const done = await locals.backend.network.signInWithCode({
			browserToken: signInOf(cookies),
			code: form.get('code'),
			userAgent: request.headers.get('user-agent')
		});
		if ('issues' in done) return fail(422, { issues: done.issues });
		keepSession(cookies, url, done);
		forgetSignIn(cookies, url);
		redirect(303, safePath(form.get('to')));
	}
};
