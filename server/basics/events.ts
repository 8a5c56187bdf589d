import type { Tx } from './database.ts';

/**
 * What happened, told by the word it happened in; words to its right listen. Listeners run in the transaction of what
 * happened, so that their rows are there exactly when it is; what leaves the house (mail, broadcast) goes out after
 * the commit, through the mail table and the bus.
 */
interface Happenings {
	'network.role-changed': { personIds: string[]; by: string | null };
	'network.handed-over': {
		from: string;
		to: string;
		by: string;
		day: string;
		at: Date;
		/** The programmes it counts for: all, or those that whoever did it may hand over. */
		programmes: string[] | 'all';
	};
	'reviews.note-sent': { noteId: string };
	'mentoring.plan-changed': { planId: string; programmeId: string; changeIds: string[] };
}

type Listener<Name extends keyof Happenings> = (tx: Tx, happened: Happenings[Name]) => Promise<unknown>;

export interface Events {
	on<Name extends keyof Happenings>(name: Name, listener: Listener<Name>): void;
	announce<Name extends keyof Happenings>(tx: Tx, name: Name, happened: Happenings[Name]): Promise<void>;
}

export function makeEvents(): Events {
	const listeners = new Map<keyof Happenings, Listener<never>[]>();
	return {
		on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener as Listener<never>]),
		async announce(tx, name, happened) {
			for (const listener of listeners.get(name) ?? []) await listener(tx, happened as never);
		}
	};
}
