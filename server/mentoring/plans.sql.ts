import type { SectionChange } from '#domain/mentoring/plan-change.ts';
import type { PlanSection } from '#domain/mentoring/plan-text.ts';
import type { Db, Tx } from '../basics/database.ts';

export const planById = async (db: Db, id: string) => {
	const [row] = await db<
		{
			id: string;
			title: string;
			language: string;
			pairId: string;
			pair: string;
			programmeId: string;
			programme: string;
			owner: string;
			ownerSlug: string;
		}[]
	>`
		select l.id, l.title, l.language, l.pair_id as "pairId", p.name as pair, p.programme_id as "programmeId",
			g.name as programme, o.name as owner, o.slug as "ownerSlug"
		from mentoring.plans l join mentoring.pairs p on p.id = l.pair_id join network.programmes g on g.id = p.programme_id
		join network.organisations o on o.id = l.owner_id
		where l.id = ${id}`;
	return row;
};

export const sectionRows = (db: Db, planId: string) => db<PlanSection[]>`
	select heading, words from mentoring.plan_sections where plan_id = ${planId} order by no`;

export const replaceSections = async (tx: Tx, planId: string, sections: PlanSection[]): Promise<void> => {
	await tx`delete from mentoring.plan_sections where plan_id = ${planId}`;
	if (sections.length === 0) return;
	await tx`insert into mentoring.plan_sections ${tx(sections.map((section, no) => ({ plan_id: planId, no, ...section })))}`;
};

interface FreshChange extends SectionChange {
	people: string[];
	fromSeq: number;
	uptoSeq: number;
	at: Date;
}

/** A change of this section that is still going on. */
export const openChange = async (tx: Tx, planId: string, heading: string, since: Date) => {
	const [row] = await tx<{ id: string }[]>`
		select id from mentoring.plan_changes where plan_id = ${planId} and heading = ${heading} and last_at >= ${since}
		order by last_at desc limit 1`;
	return row;
};

export const addPlanChange = (tx: Tx, change: FreshChange & { id: string; planId: string; programmeId: string }) => tx`
	insert into mentoring.plan_changes (id, plan_id, programme_id, heading, people, words_added, words_removed, excerpt,
		from_seq, upto_seq, first_at, last_at)
	values (${change.id}, ${change.planId}, ${change.programmeId}, ${change.heading}, ${change.people}, ${change.wordsAdded},
		${change.wordsRemoved}, ${change.excerpt}, ${change.fromSeq}, ${change.uptoSeq}, ${change.at}, ${change.at})`;

export const widenChange = (tx: Tx, id: string, change: FreshChange) => tx`
	update mentoring.plan_changes set
		people = (select array_agg(distinct one) from unnest(people || ${change.people}::uuid[]) one),
		words_added = words_added + ${change.wordsAdded}, words_removed = words_removed + ${change.wordsRemoved},
		excerpt = case when ${change.excerpt} = '' then excerpt else ${change.excerpt} end,
		upto_seq = ${change.uptoSeq}, last_at = greatest(last_at, ${change.at})
	where id = ${id}`;

export interface ChangeRow {
	id: string;
	heading: string;
	people: string[];
	wordsAdded: number;
	wordsRemoved: number;
	excerpt: string;
	lastAt: Date;
}

export const recentChanges = (db: Db, planId: string, limit: number) => db<ChangeRow[]>`
	select c.id, c.heading, c.words_added as "wordsAdded", c.words_removed as "wordsRemoved", c.excerpt, c.last_at as "lastAt",
		coalesce((select array_agg(p.name order by p.name) from network.people p where p.id = any(c.people)), '{}') as people
	from mentoring.plan_changes c where c.plan_id = ${planId} order by c.last_at desc limit ${limit}`;

export const changesById = (db: Db, ids: string[]) => db<
	(ChangeRow & { planId: string; plan: string; programmeId: string; personIds: string[] })[]
>`
	select c.id, c.plan_id as "planId", l.title as plan, c.programme_id as "programmeId", c.people as "personIds", c.heading,
		c.words_added as "wordsAdded", c.words_removed as "wordsRemoved", c.excerpt, c.last_at as "lastAt", '{}'::text[] as people
	from mentoring.plan_changes c join mentoring.plans l on l.id = c.plan_id where c.id = any(${ids}::uuid[])`;

export const planChangesOf = (tx: Tx, personId: string) => tx<Record<string, unknown>[]>`
	select l.title as plan, c.heading, c.excerpt, c.words_added, c.words_removed, c.first_at, c.last_at
	from mentoring.plan_changes c join mentoring.plans l on l.id = c.plan_id
	where ${personId} = any(c.people) order by c.first_at`;
