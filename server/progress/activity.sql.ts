import type { Db, Tx } from '../basics/database.ts';

export interface Activity {
	id: string;
	at: Date;
	kind: 'note-sent' | 'plan-changed';
	people: string[];
	subjectKind: string;
	subjectId: string;
	detail: Record<string, string | number | null>;
}

/** The same happening told again (a plan typed in for longer) replaces its row and moves to the top. */
export const addActivity = (
	tx: Tx,
	told: Omit<Activity, 'people'> & { programmeId: string; personIds: string[]; toldOnce: string }
) => tx`
	insert into progress.activity (id, programme_id, at, kind, person_ids, subject_kind, subject_id, detail, told_once)
	values (${told.id}, ${told.programmeId}, ${told.at}, ${told.kind}, ${told.personIds}, ${told.subjectKind}, ${told.subjectId},
		${tx.json(told.detail)}, ${told.toldOnce})
	on conflict (told_once) do update set at = excluded.at, person_ids = excluded.person_ids, detail = excluded.detail`;

export const activityOf = (db: Db, programmeId: string, limit: number) => db<Activity[]>`
	select a.id, a.at, a.kind, a.subject_kind as "subjectKind", a.subject_id as "subjectId", a.detail,
		coalesce((select array_agg(p.name order by p.name) from network.people p where p.id = any(a.person_ids)), '{}') as people
	from progress.activity a where a.programme_id = ${programmeId} order by a.at desc, a.id desc limit ${limit}`;

export const activityOfPerson = (tx: Tx, personId: string) => tx<Record<string, unknown>[]>`
	select at, kind, detail from progress.activity where ${personId} = any(person_ids) order by at`;
