import { fail } from '@sveltejs/kit';
import { idIn, signedIn } from '../../../../signed-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(`note:${params.note}`);
	return locals.backend.reviews.note(signedIn(locals), { noteId: idIn(params.note) });
};

export const actions: Actions = {
	send: async ({ request, locals, params }) => {
		const form = await request.formData();
		const seq = Number(form.get('seq'));
		const done = await locals.backend.reviews.sendNote(signedIn(locals), {
			noteId: idIn(params.note),
			seq: Number.isSafeInteger(seq) ? seq : -1
		});
		if ('issues' in done) return fail(422, { issues: done.issues });
		return { sentAt: done.sentAt };
	}
};
