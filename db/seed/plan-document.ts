import * as Y from 'yjs';

// Writes the live document of an action plan as people would: the bare headings first, then one passage after another,
// each in the hand of its author. What comes out is the log of updates, as the live engine would have kept it.

/** A paragraph, or the items of a list. */
export type Passage = string | string[];

export interface PlanEntry {
	heading: string;
	/** Which of the authors writes it, from 0. */
	author: number;
	at: Date;
	passages: Passage[];
}

interface PlanUpdate {
	author: number;
	at: Date;
	data: Uint8Array;
}

export interface PlanSection {
	heading: string;
	words: string;
}

export interface WrittenPlan {
	updates: PlanUpdate[];
	/** All updates as one. */
	whole: Uint8Array;
	sections: PlanSection[];
	/** The Yjs client id of each author. */
	clientIds: number[];
}

/** The fragment of the document that the editor shows. */
const fragmentName = 'body';
/** Between two passages of one author. */
const minutesAPassage = 4;

/**
 * @param clientIds one for each author; given, not drawn, so that the bytes are the same every time
 * @param startedAt when the first author laid down the headings
 */
export function writePlan(headings: string[], clientIds: number[], startedAt: Date, entries: PlanEntry[]): WrittenPlan {
	const updates: PlanUpdate[] = [];
	const docs = clientIds.map((clientId) => {
		const doc = new Y.Doc();
		doc.clientID = clientId;
		return doc;
	});
	const write = (author: number, at: Date, change: (body: Y.XmlFragment) => void) => {
		const doc = docs[author];
		if (!doc) throw new Error(`The plan has no author ${author}.`);
		const before = Y.encodeStateVector(doc);
		doc.transact(() => change(doc.getXmlFragment(fragmentName)));
		const data = Y.encodeStateAsUpdate(doc, before);
		updates.push({ author, at, data });
		for (const other of docs) if (other !== doc) Y.applyUpdate(other, data);
	};

	write(0, startedAt, (body) => body.push(headings.flatMap((heading) => [headingOf(heading), paragraphOf('')])));
	const inOrder = entries.toSorted((one, other) => one.at.getTime() - other.at.getTime());
	for (const entry of inOrder)
		entry.passages.forEach((passage, index) =>
			write(entry.author, new Date(entry.at.getTime() + index * minutesAPassage * 60_000), (body) =>
				add(body, entry.heading, passage)
			)
		);

	const [first] = docs;
	if (!first) throw new Error('A plan needs an author.');
	return { updates, whole: Y.encodeStateAsUpdate(first), sections: sectionsIn(first), clientIds };
}

/** The sections of a plan's document: what stands under each heading, a line for each block. */
function sectionsIn(doc: Y.Doc): PlanSection[] {
	const sections: { heading: string; lines: string[] }[] = [];
	for (const node of blocksIn(doc.getXmlFragment(fragmentName))) {
		if (node.nodeName === 'heading') sections.push({ heading: linesOf(node).join(' '), lines: [] });
		else sections.at(-1)?.lines.push(...linesOf(node));
	}
	return sections.map(({ heading, lines }) => ({ heading, words: lines.join('\n').trim() }));
}

/** Puts a passage at the end of a section; the empty paragraph that stood there goes. */
function add(body: Y.XmlFragment, heading: string, passage: Passage): void {
	const blocks = blocksIn(body);
	const start = blocks.findIndex((node) => node.nodeName === 'heading' && linesOf(node).join('') === heading);
	if (start < 0) throw new Error(`The plan has no heading "${heading}".`);
	const next = blocks.findIndex((node, index) => index > start && node.nodeName === 'heading');
	const end = next < 0 ? blocks.length : next;
	const only = blocks[start + 1];
	if (end === start + 2 && only?.nodeName === 'paragraph' && only.length === 0) {
		if (typeof passage === 'string') return only.insert(0, [new Y.XmlText(passage)]);
		body.delete(start + 1, 1);
		return body.insert(start + 1, [listOf(passage)]);
	}
	body.insert(end, [typeof passage === 'string' ? paragraphOf(passage) : listOf(passage)]);
}

function blocksIn(parent: Y.XmlFragment): Y.XmlElement[] {
	return parent.toArray().filter((node) => node instanceof Y.XmlElement);
}

function linesOf(node: Y.XmlElement): string[] {
	const inner = blocksIn(node);
	if (inner.length > 0) return inner.flatMap(linesOf);
	return [
		node
			.toArray()
			.map((text) => (text instanceof Y.XmlText ? text.toString() : ''))
			.join('')
	];
}

function headingOf(words: string): Y.XmlElement {
	const heading = new Y.XmlElement<{ level: number }>('heading');
	heading.setAttribute('level', 2);
	heading.insert(0, [new Y.XmlText(words)]);
	return heading as unknown as Y.XmlElement;
}

function paragraphOf(words: string): Y.XmlElement {
	const paragraph = new Y.XmlElement('paragraph');
	if (words) paragraph.insert(0, [new Y.XmlText(words)]);
	return paragraph;
}

function listOf(items: string[]): Y.XmlElement {
	const list = new Y.XmlElement('bulletList');
	list.insert(
		0,
		items.map((words) => {
			const item = new Y.XmlElement('listItem');
			item.insert(0, [paragraphOf(words)]);
			return item;
		})
	);
	return list;
}
