import writeXlsxFile from 'write-excel-file/node';
import { m } from '#messages/compiled/messages.js';
import { idIn, signedIn } from '../../../../../signed-in.ts';
import type { RequestHandler } from './$types';

/** The programme's state as a spreadsheet: typed cells, so that no name can act as a formula. */
export const POST: RequestHandler = async ({ locals, params }) => {
	const page = await locals.backend.progress.exportProgramme(signedIn(locals), { programmeId: idIn(params.programme) });
	const text = (value: string | null) => ({ value: value ?? '', type: String });
	const head = (...titles: string[]) => titles.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
	const number = (value: number) => ({ value, type: Number });
	const rows = [
		head(page.programme.name),
		[text(page.programme.funderStatement)],
		[],
		head(
			m.reviews_review(),
			m.visits_host(),
			m.visits_first_day(),
			m.visits_last_day(),
			m.reviews_notes_sent(),
			m.reviews_drafts()
		),
		...page.reviews.map((one) => [
			text(one.title),
			text(one.host),
			text(one.startsOn),
			text(one.endsOn),
			number(one.notesSent),
			number(one.drafts)
		]),
		[],
		head(
			m.mentoring_pair(),
			m.mentoring_theme(),
			m.mentoring_plan(),
			m.mentoring_words_title(),
			m.mentoring_last_change()
		),
		...page.pairs.map((one) => [
			text(one.name),
			text(one.theme),
			text(one.plan),
			number(one.words),
			text(one.lastAt?.toISOString() ?? null)
		])
	];
	const file = await writeXlsxFile(rows as never).toBuffer();
	return new Response(new Uint8Array(file), {
		headers: {
			'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'content-disposition': 'attachment; filename="programme.xlsx"',
			'cache-control': 'private, no-store'
		}
	});
};
