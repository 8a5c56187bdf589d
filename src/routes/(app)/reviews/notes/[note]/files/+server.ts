import { error, json } from '@sveltejs/kit';
import { idIn, signedIn } from '../../../../../signed-in.ts';
import type { RequestHandler } from './$types';

/** Takes one picture or paper as the body of the request; its name comes in a header. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	const actor = signedIn(locals);
	const noteId = idIn(params.note);
	let name = 'file';
	try {
		name = decodeURIComponent(request.headers.get('x-file-name') ?? 'file');
	} catch {
		error(400, { message: 'bad-request', code: 'bad-request' });
	}
	const data = new Uint8Array(await request.arrayBuffer());
	return json(await locals.backend.reviews.addNoteFile(actor, { noteId, name, data }), { status: 201 });
};

export const DELETE: RequestHandler = async ({ locals, params, url }) => {
	await locals.backend.reviews.removeNoteFile(signedIn(locals), {
		noteId: idIn(params.note),
		fileId: idIn(url.searchParams.get('file') ?? '')
	});
	return new Response(null, { status: 204 });
};
