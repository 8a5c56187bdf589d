import * as Y from 'yjs';
import { storable } from '../basics/words.ts';

/** Lists in lists in lists: nobody writes deeper, and a packet that does must not overflow the reader. */
const deepest = 40;

/** One section of a plan as people read it: what stands under a heading of the second level. */
export interface PlanSection {
	heading: string;
	/** The section's words, one block a line. */
	words: string;
}

/** The live document of an action plan holds one fragment with the nodes of the editor. */
export const planFragment = 'body';

/** Reads the sections of a plan's live document. What stands before the first heading has an empty one. */
export function sectionsOf(doc: Y.Doc): PlanSection[] {
	const sections: { heading: string; lines: string[] }[] = [];
	for (const node of doc.getXmlFragment(planFragment).toArray()) {
		if (!(node instanceof Y.XmlElement)) continue;
		if (node.nodeName === 'heading' && Number(node.getAttribute('level')) <= 2)
			sections.push({ heading: wordsOf(node).join(' ').trim(), lines: [] });
		else {
			if (sections.length === 0) sections.push({ heading: '', lines: [] });
			sections.at(-1)!.lines.push(...wordsOf(node));
		}
	}
	return sections.map(({ heading, lines }) => ({ heading, words: lines.join('\n').trim() }));
}

/** The text of a node, a line for each block in it; what lies too deep is left out. */
function wordsOf(node: Y.XmlElement, depth = 0): string[] {
	if (depth > deepest) return [];
	const children = node.toArray();
	if (children.every((child) => child instanceof Y.XmlText))
		return [children.map((child) => plain(child as Y.XmlText)).join('')];
	return children.flatMap((child) =>
		child instanceof Y.XmlElement ? wordsOf(child, depth + 1) : child instanceof Y.XmlText ? [plain(child)] : []
	);
}

/** Words without their formatting: `toString()` would write marks as tags. */
function plain(text: Y.XmlText): string {
	const parts = text.toDelta() as { insert: unknown }[];
	return storable(parts.map((part) => (typeof part.insert === 'string' ? part.insert : '')).join(''));
}
