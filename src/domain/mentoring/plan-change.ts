import type { PlanSection } from './plan-text.ts';

/** What became of one section between two moments. */
export interface SectionChange {
	heading: string;
	wordsAdded: number;
	wordsRemoved: number;
	/** The words that are new, or those that are gone when nothing is new; at most `excerptLength` letters. */
	excerpt: string;
}

export const excerptLength = 160;

/**
 * Which sections changed, and by how many words. Sections are matched by heading, those of the same heading in order;
 * words are counted as a bag, so a moved sentence counts as no change.
 */
export function changesBetween(before: PlanSection[], after: PlanSection[]): SectionChange[] {
	const olds = byHeading(before);
	const news = byHeading(after);
	const changes: SectionChange[] = [];
	for (const key of new Set([...news.keys(), ...olds.keys()])) {
		const change = changeOf(olds.get(key)?.words ?? '', news.get(key)?.words ?? '');
		const heading = (news.get(key) ?? olds.get(key))!.heading;
		const appeared = !olds.has(key) || !news.has(key);
		if (change.wordsAdded + change.wordsRemoved > 0) changes.push({ heading, ...change });
		else if (appeared && heading) changes.push({ heading, wordsAdded: 0, wordsRemoved: 0, excerpt: '' });
	}
	return changes;
}

function byHeading(sections: PlanSection[]): Map<string, PlanSection> {
	const seen = new Map<string, number>();
	return new Map(
		sections.map((section) => {
			const nth = seen.get(section.heading) ?? 0;
			seen.set(section.heading, nth + 1);
			return [`${section.heading}\u0000${nth}`, section];
		})
	);
}

function changeOf(before: string, after: string): Omit<SectionChange, 'heading'> {
	const added = missingFrom(wordsIn(after), wordsIn(before));
	const removed = missingFrom(wordsIn(before), wordsIn(after));
	return { wordsAdded: added, wordsRemoved: removed, excerpt: excerptOf(before, after, added > 0) };
}

function wordsIn(text: string): string[] {
	return text.split(/\s+/).filter(Boolean);
}

/** How many words of `some` are not in `others`, each counted as often as it stands. */
function missingFrom(some: string[], others: string[]): number {
	const left = new Map<string, number>();
	for (const word of others) left.set(word, (left.get(word) ?? 0) + 1);
	let missing = 0;
	for (const word of some) {
		const held = left.get(word) ?? 0;
		if (held > 0) left.set(word, held - 1);
		else missing++;
	}
	return missing;
}

/** The stretch between the common beginning and the common end, cut at words. */
function excerptOf(before: string, after: string, showNew: boolean): string {
	const [held, shown] = showNew ? [before, after] : [after, before];
	// Cuts lie between words on both sides; the beginning is settled first, so that the end can reach back to it.
	const between = (text: string, at: number) =>
		at === 0 || at === text.length || /\s/.test(text[at - 1]!) || /\s/.test(text[at]!);
	let start = 0;
	while (start < held.length && start < shown.length && held[start] === shown[start]) start++;
	while (start > 0 && !(between(held, start) && between(shown, start))) start--;
	let end = 0;
	while (
		end < held.length - start &&
		end < shown.length - start &&
		held[held.length - 1 - end] === shown[shown.length - 1 - end]
	)
		end++;
	while (end > 0 && !(between(held, held.length - end) && between(shown, shown.length - end))) end--;
	const stretch = shown
		.slice(start, shown.length - end)
		.replace(/\s+/g, ' ')
		.trim();
	return stretch.length > excerptLength ? `${[...stretch].slice(0, excerptLength - 1).join('')}…` : stretch;
}
