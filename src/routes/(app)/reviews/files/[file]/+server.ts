import { idIn, signedIn } from '../../../../signed-in.ts';
import type { RequestHandler } from './$types';

/** A file for whoever may read what it belongs to; shown by no browser as a page of ours. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const file = await locals.backend.reviews.noteFile(signedIn(locals), { fileId: idIn(params.file) });
	return new Response(new Uint8Array(file.data), {
		headers: {
			'content-type': file.mediaType,
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
			'content-security-policy': "default-src 'none'; sandbox",
			'cross-origin-resource-policy': 'same-origin',
			'cache-control': 'private, no-store'
		}
	});
};
