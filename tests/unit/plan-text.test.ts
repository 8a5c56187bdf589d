import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { planFragment, sectionsOf } from '#domain/mentoring/plan-text.ts';

type Block = { name: string; level?: number; inside: (string | Block)[] };
const block = (name: string, ...inside: (string | Block)[]): Block => ({ name, inside });
const heading = (level: number, text: string): Block => ({ name: 'heading', level, inside: text ? [text] : [] });
const paragraph = (...text: string[]) => block('paragraph', ...text);

function elementOf({ name, level, inside }: Block): Y.XmlElement {
	const element = new Y.XmlElement(name);
	if (level !== undefined) element.setAttribute('level', String(level));
	element.insert(
		0,
		inside.map((one) => (typeof one === 'string' ? new Y.XmlText(one) : elementOf(one)))
	);
	return element;
}
function planOf(...blocks: Block[]): Y.Doc {
	const doc = new Y.Doc();
	doc.getXmlFragment(planFragment).insert(0, blocks.map(elementOf));
	return doc;
}

describe('the sections of a plan', () => {
	test('an empty plan has none', () => {
		expect(sectionsOf(new Y.Doc())).toEqual([]);
		expect(sectionsOf(planOf())).toEqual([]);
	});
	test('begin at the headings of the first and second level, and hold what stands below, a line a block', () => {
		const plan = planOf(
			heading(1, 'A Where we stand'),
			paragraph('First words.'),
			paragraph('More words.'),
			heading(2, 'B Aim'),
			paragraph('To be better.')
		);
		expect(sectionsOf(plan)).toEqual([
			{ heading: 'A Where we stand', words: 'First words.\nMore words.' },
			{ heading: 'B Aim', words: 'To be better.' }
		]);
	});
	test('a heading of a lower level belongs to the section it stands in', () => {
		const plan = planOf(heading(2, 'A'), paragraph('one'), heading(3, 'First action'), paragraph('two'));
		expect(sectionsOf(plan)).toEqual([{ heading: 'A', words: 'one\nFirst action\ntwo' }]);
	});
	test('what stands before the first heading is a section without one', () => {
		expect(sectionsOf(planOf(paragraph('words'), heading(2, 'A')))).toEqual([
			{ heading: '', words: 'words' },
			{ heading: 'A', words: '' }
		]);
	});
	test('two headings of the same words are two sections, and a heading without words is one too', () => {
		expect(sectionsOf(planOf(heading(2, 'A'), heading(2, 'A'), heading(2, '')))).toEqual([
			{ heading: 'A', words: '' },
			{ heading: 'A', words: '' },
			{ heading: '', words: '' }
		]);
	});
	test('every item of a list, also of one inside it, is a line', () => {
		const inner = block('bulletList', block('listItem', paragraph('b')));
		const list = block('bulletList', block('listItem', paragraph('a'), inner), block('listItem', paragraph('c')));
		expect(sectionsOf(planOf(heading(2, 'A'), list))).toEqual([{ heading: 'A', words: 'a\nb\nc' }]);
	});
	test('words keep their letters and lose their look', () => {
		const doc = planOf(heading(2, 'A'), paragraph());
		const text = new Y.XmlText();
		(doc.getXmlFragment(planFragment).get(1) as Y.XmlElement).insert(0, [text]);
		text.insert(0, 'a <b> & ');
		text.insert(8, 'bold', { bold: {} });
		text.insert(12, ' 😀', { bold: null });
		expect(sectionsOf(doc)).toEqual([{ heading: 'A', words: 'a <b> & bold 😀' }]);
	});
	test('a thing that is no words, such as a picture in a line, adds none', () => {
		const doc = planOf(heading(2, 'A'), paragraph('before after'));
		const text = (doc.getXmlFragment(planFragment).get(1) as Y.XmlElement).get(0) as Y.XmlText;
		text.insertEmbed(7, { picture: 'x' });
		expect(sectionsOf(doc)[0]?.words).toBe('before after');
	});
	test('a heading in pieces is read as one line', () => {
		const doc = planOf(heading(2, ''));
		(doc.getXmlFragment(planFragment).get(0) as Y.XmlElement).insert(0, [new Y.XmlText(' A'), new Y.XmlText('im ')]);
		expect(sectionsOf(doc)).toEqual([{ heading: 'Aim', words: '' }]);
	});
	test('bare text at the top, which no editor writes, is left out', () => {
		const doc = planOf(heading(2, 'A'));
		doc.getXmlFragment(planFragment).insert(1, [new Y.XmlText('stray')]);
		expect(sectionsOf(doc)).toEqual([{ heading: 'A', words: '' }]);
	});
	test('are the same on every device', () => {
		const doc = planOf(heading(2, 'A'), paragraph('words'));
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
		expect(sectionsOf(copy)).toEqual(sectionsOf(doc));
	});
});
