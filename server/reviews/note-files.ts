import { isId } from '#domain/basics/id.ts';
import { known, Refusal } from '#domain/basics/refusal.ts';
import { whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import { acceptedFile } from '../basics/file-check.ts';
import { addFile, fileById, removeFile } from '../basics/files.sql.ts';
import type { Parts } from '../basics/parts.ts';
import { noteStanding } from './notes.ts';
import { filesOf, lockDraft, noteById } from './notes.sql.ts';

/** Files one note may hold. */
const filesPerNote = 20;

/** Adds a picture or paper to a draft: checked by its bytes, pictures without the place they were taken at. */
export async function addNoteFile(
	parts: Parts,
	actor: Actor,
	input: { noteId: string; name: string; data: Uint8Array }
) {
	const held = known(await noteById(parts.sql, input.noteId));
	const refusal = whyNot(actor, 'note.write', await noteStanding(parts.sql, held, actor.today));
	if (refusal) throw new Refusal(refusal);
	if (held.sentAt) throw new Refusal('closed');
	if ((await filesOf(parts.sql, held.id)).length >= filesPerNote) throw new Refusal('too-many');
	const file = await acceptedFile(input.name, input.data);
	const id = parts.chance.id();
	await parts.sql.begin(async (tx) => {
		// Asked again, one upload after the other: while this one was checked, others came, or the note was sent.
		if (!(await lockDraft(tx, held.id))) throw new Refusal('closed');
		if ((await filesOf(tx, held.id)).length >= filesPerNote) throw new Refusal('too-many');
		await addFile(tx, {
			id,
			subjectKind: 'note',
			subjectId: held.id,
			...file,
			createdBy: actor.personId,
			at: parts.now()
		});
	});
	return { id, name: file.name, mediaType: file.mediaType, bytes: file.data.byteLength };
}

export async function removeNoteFile(
	parts: Parts,
	actor: Actor,
	input: { noteId: string; fileId: string }
): Promise<void> {
	const held = known(await noteById(parts.sql, input.noteId));
	const refusal = whyNot(actor, 'note.write', await noteStanding(parts.sql, held, actor.today));
	if (refusal) throw new Refusal(refusal);
	await parts.sql.begin(async (tx) => {
		if (!(await lockDraft(tx, held.id))) throw new Refusal('closed');
		if (!isId(input.fileId) || !(await removeFile(tx, input.fileId, 'note', held.id))) throw new Refusal('not-found');
	});
}

/** One file, for whoever may read the note it belongs to; asked at each download. */
export async function noteFile(parts: Parts, actor: Actor, input: { fileId: string }) {
	const file = known(await fileById(parts.sql, input.fileId));
	if (file.subjectKind !== 'note') throw new Refusal('not-found');
	const held = known(await noteById(parts.sql, file.subjectId));
	const refusal = whyNot(actor, 'note.read', await noteStanding(parts.sql, held, actor.today));
	if (refusal) throw new Refusal(refusal);
	return file;
}
