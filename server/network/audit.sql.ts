import type { Db } from '../basics/database.ts';
import type { Deed } from './audit.ts';

export const addAudit = (db: Db, deed: Required<Deed> & { at: Date }) => db`
	insert into network.audit (at, person_id, act, subject_kind, subject_id, result, detail)
	values (${deed.at}, ${deed.person}, ${deed.act}, ${deed.subject.kind}, ${deed.subject.id}, ${deed.result},
		${db.json(deed.detail as never)})`;

export interface AuditRow {
	id: number;
	at: Date;
	name: string | null;
	act: string;
	subjectKind: string;
	subjectId: string;
	result: 'done' | 'refused';
}

export const auditRows = (db: Db, before: number | null, limit: number) => db<AuditRow[]>`
	select a.id, a.at, p.name, a.act, a.subject_kind as "subjectKind", a.subject_id as "subjectId", a.result
	from network.audit a left join network.people p on p.id = a.person_id
	where ${before}::bigint is null or a.id < ${before}
	order by a.id desc limit ${limit}`;
