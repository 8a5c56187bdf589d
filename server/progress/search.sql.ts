import type { Db } from '../basics/database.ts';
import { containing } from '../network/words.sql.ts';

type Seen = string[] | 'all';

export interface Found {
	kind: 'person' | 'organisation' | 'programme' | 'review' | 'pair' | 'plan';
	id: string;
	name: string;
	detail: string | null;
	slug: string | null;
}

export const found = (
	db: Db,
	words: string,
	seen: {
		directory: boolean;
		programmes: Seen;
		reviews: Seen;
		programmesOfReviews: Seen;
		pairs: Seen;
		programmesOfPairs: Seen;
	},
	limit: number
) => {
	const one = (places: Seen) => db`${places === 'all' ? [] : places}::uuid[]`;
	const all = Object.values(seen).includes('all');
	return db<Found[]>`
		with wanted as (select ${containing(db, words)} as words)
		select kind, id, name, detail, slug from (
			select 'organisation' as kind, o.id, o.name, o.country as detail, o.slug from network.organisations o, wanted
			where ${seen.directory} and basics.folded(o.name) like wanted.words
			union all
			select 'person', p.id, p.name, null, null from network.people p, wanted
			where ${seen.directory} and p.deactivated_at is null and basics.folded(p.name) like wanted.words
			union all
			select 'programme', g.id, g.name, null, null from network.programmes g, wanted
			where (${all} or g.id = any(${one(seen.programmes)})) and basics.folded(g.name) like wanted.words
			union all
			select 'review', r.id, r.title, r.topic, null from reviews.reviews r, wanted
			where (${all} or r.id = any(${one(seen.reviews)}) or r.programme_id = any(${one(seen.programmesOfReviews)}))
				and basics.folded(r.title || ' ' || r.topic) like wanted.words
			union all
			select 'plan', l.id, l.title, p.name, null from mentoring.plans l join mentoring.pairs p on p.id = l.pair_id, wanted
			where (${all} or p.id = any(${one(seen.pairs)}) or p.programme_id = any(${one(seen.programmesOfPairs)}))
				and basics.folded(l.title || ' ' || p.name) like wanted.words
		) hits order by name, id limit ${limit}`;
};
