import { known, Refusal } from '#domain/basics/refusal.ts';
import { may, whyNot } from '#domain/network/policy.ts';
import type { Actor } from '#domain/network/role.ts';
import type { Db } from '../basics/database.ts';
import type { Parts } from '../basics/parts.ts';
import type { Place } from '../network/places.ts';
import { pairById, pairPeople, pairVisits, planOfPair, seatsOf } from './pairs.sql.ts';

/** Where a pair stands for the policy. */
export async function pairPlace(db: Db, id: string): Promise<Place | undefined> {
	const pair = await pairById(db, id);
	return (
		pair && { name: pair.name, standing: { pair: id, programme: pair.programmeId }, path: `/mentoring/pairs/${id}` }
	);
}

/** A pair with its seats (also those of organisations that left), people, visits and plan. */
export async function pair(parts: Parts, actor: Actor, input: { pairId: string }) {
	const { sql } = parts;
	const held = known(await pairById(sql, input.pairId));
	const standing = { pair: held.id, programme: held.programmeId };
	const refusal = whyNot(actor, 'pair.read', standing);
	if (refusal) throw new Refusal(refusal);
	const [seats, people, visits, plan] = await Promise.all([
		seatsOf(sql, held.id),
		pairPeople(sql, held.id),
		pairVisits(sql, held.id),
		planOfPair(sql, held.id)
	]);
	return { pair: held, seats, people, visits, plan: plan && may(actor, 'plan.read', standing) ? plan : null };
}
