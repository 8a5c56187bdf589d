import { redirect } from '@sveltejs/kit';
import { forgetSession } from '../../session-cookie.ts';
import { signedIn } from '../../signed-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const actor = signedIn(locals);
	return {
		sessions: await locals.backend.network.listSessions(actor),
		assignments: actor.assignments.map(({ role, since, until }) => ({ role, since, until }))
	};
};

export const actions: Actions = {
	signOut: async ({ locals, cookies, url, setHeaders }) => {
		await locals.backend.network.signOut(signedIn(locals));
		forgetSession(cookies, url);
		// What the browser cached goes; what was never sent stays on the device until its person is back.
		setHeaders({ 'clear-site-data': '"cache"' });
		redirect(303, '/');
	},
	endSession: async ({ locals, request }) => {
		const form = await request.formData();
		await locals.backend.network.endOwnSession(signedIn(locals), { sessionId: String(form.get('session') ?? '') });
		return { ended: true };
	}
};
