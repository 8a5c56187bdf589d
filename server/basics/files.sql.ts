import type { Db } from './database.ts';

export const addFile = (
	db: Db,
	file: {
		id: string;
		subjectKind: string;
		subjectId: string;
		name: string;
		mediaType: string;
		data: Uint8Array;
		sha256: Buffer;
		createdBy: string;
		at: Date;
	}
) => db`
	insert into basics.files (id, subject_kind, subject_id, name, media_type, bytes, sha256, data, created_by, created_at)
	values (${file.id}, ${file.subjectKind}, ${file.subjectId}, ${file.name}, ${file.mediaType}, ${file.data.byteLength}, ${file.sha256},
		${Buffer.from(file.data)}, ${file.createdBy}, ${file.at})`;

export const fileById = async (db: Db, id: string) => {
	const [row] = await db<
		{ id: string; subjectKind: string; subjectId: string; name: string; mediaType: string; data: Buffer }[]
	>`
		select id, subject_kind as "subjectKind", subject_id as "subjectId", name, media_type as "mediaType", data
		from basics.files where id = ${id}`;
	return row;
};

export const removeFile = async (db: Db, id: string, subjectKind: string, subjectId: string): Promise<boolean> => {
	const rows = await db`
		delete from basics.files where id = ${id} and subject_kind = ${subjectKind} and subject_id = ${subjectId} returning id`;
	return rows.length > 0;
};
