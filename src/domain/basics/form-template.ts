import { z } from 'zod';
import type { Form, Question } from './form.ts';

/** One field as the template file writes it; `type` is a small language of its own, read by `kindOf`. */
const rawField = z.object({
	id: z.string().regex(/^[a-z][a-z0-9_]*$/),
	label: z.string().min(1),
	help: z.string(),
	type: z.string().min(1),
	required: z.boolean(),
	required_when: z.string().optional(),
	auto: z.boolean().optional(),
	visibility: z.string().optional(),
	options: z.array(z.string()).optional(),
	columns: z.array(z.string()).optional(),
	min_rows: z.number().int().optional(),
	max_rows: z.number().int().optional(),
	max: z.number().optional(),
	min: z.number().optional()
});

export const rawForm = z.object({
	code: z.string(),
	title: z.string().min(1),
	filled_by: z.string(),
	visibility: z.string(),
	basis: z.string(),
	note: z.string(),
	fields: z.array(rawField).min(1)
});
export type RawForm = z.infer<typeof rawForm>;

/** Lists that fields name instead of spelling them out: `scale:agree5`, `multi:principles`, … */
export type OptionLists = Record<string, string[]>;

/**
 * Reads one template of `default-templates.json`.
 * @throws Error naming form and field when a type is not known: a template that cannot be asked must not be loaded.
 */
export function readTemplate(raw: RawForm, lists: OptionLists): Form {
	return {
		code: raw.code,
		title: raw.title,
		filledBy: raw.filled_by,
		visibility: raw.visibility,
		note: raw.note,
		questions: raw.fields.map((field) => {
			try {
				return readField(field, lists);
			} catch (fault) {
				throw new Error(`Form ${raw.code}, field ${field.id}: ${(fault as Error).message}`, { cause: fault });
			}
		})
	};
}

function readField(field: z.infer<typeof rawField>, lists: OptionLists): Question {
	const kind = kindOf(field.type, lists);
	return trimmed({
		id: field.id,
		label: field.label,
		help: field.help,
		...kind,
		required: field.required,
		requiredWhen: field.required_when,
		auto: field.auto ?? false,
		visibility: visibilityOf(field.visibility),
		options: kind.kind === 'parts' ? undefined : (field.options ?? kind.options),
		columns: field.columns
			? field.columns.map((column) => readColumn(column, lists))
			: kind.columns?.map((part) =>
					part.kind === 'choice' && !part.options ? trimmed({ ...part, options: field.options }) : part
				),
		minRows: field.min_rows,
		maxRows: field.max_rows,
		max: field.max,
		min: field.min
	});
}

function visibilityOf(words: string | undefined): Question['visibility'] {
	if (words === 'me') return 'author';
	return words === undefined ? 'form' : 'lead';
}

/** `evidence:choice one/several/document`, `suggestions:table(no,text,why)`, `who:person`. */
function readColumn(column: string, lists: OptionLists): Question {
	const [name, type] = columnParts(column);
	return trimmed({
		id: name
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, '_')
			.replace(/^_|_$/g, ''),
		label: name,
		help: '',
		required: false,
		auto: false,
		visibility: 'form',
		...kindOf(type.trim(), lists)
	});
}

/** `name:type`; or a name with its options behind it; or a name alone, for a text. */
function columnParts(column: string): [name: string, type: string] {
	const place = column.indexOf(':');
	if (place >= 0) {
		const [name, type] = [column.slice(0, place), column.slice(place + 1)];
		// `new/extended/existing:choice`: the name lists the options.
		return type === 'choice' && name.includes('/') ? [name, `choice ${name}`] : [name, type];
	}
	const withOptions = /^(.+) (\S+\/\S+)$/.exec(column);
	return withOptions ? [withOptions[1]!, `choice ${withOptions[2]}`] : [column, 'text'];
}

type Kind = Pick<Question, 'kind' | 'options' | 'to' | 'columns' | 'formatted'>;

const plainKinds: Record<string, Kind> = {
	text: { kind: 'text' },
	long: { kind: 'long' },
	rich: { kind: 'long', formatted: true },
	int: { kind: 'number' },
	number: { kind: 'number' },
	year: { kind: 'number' },
	date: { kind: 'date' },
	datetime: { kind: 'datetime' },
	daterange: { kind: 'date-range' },
	bool: { kind: 'yes' },
	choice: { kind: 'choice' },
	multi: { kind: 'multi' },
	checklist: { kind: 'multi' },
	table: { kind: 'table' },
	'section[]': { kind: 'sections' },
	person: { kind: 'person' },
	'person[]': { kind: 'people' },
	city: { kind: 'city' },
	org: { kind: 'organisation' },
	'org[]': { kind: 'organisations' },
	ref: { kind: 'reference' },
	'ref[]': { kind: 'references' },
	file: { kind: 'file' },
	'file[]': { kind: 'files' },
	money: { kind: 'money' },
	url: { kind: 'link' },
	'url/file': { kind: 'link' },
	signature: { kind: 'signature' },
	'signature[]': { kind: 'signatures' },
	private: { kind: 'text' }
};

function kindOf(type: string, lists: OptionLists): Kind {
	if (Object.hasOwn(plainKinds, type)) return plainKinds[type]!;
	if (type.startsWith('ref[]:')) return { kind: 'references', to: type.slice(6) };
	if (type.startsWith('ref:')) return { kind: 'reference', to: type.slice(4) };
	if (type.startsWith('scale:')) return { kind: 'choice', options: list(type.slice(6), lists) };
	if (type === 'scale4') return { kind: 'choice', options: list('scale4', lists) };
	if (type.startsWith('multi:')) return { kind: 'multi', options: list(type.slice(6), lists) };
	if (type === 'choice 1-3') return { kind: 'choice', options: ['1', '2', '3'] };
	if (type === 'choice A1-C2') return { kind: 'choice', options: ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] };
	if (type.startsWith('choice ')) return { kind: 'choice', options: type.slice(7).split('/') };
	const nested = /^table\((.+)\)$/.exec(type);
	if (nested?.[1])
		return { kind: 'table', columns: nested[1].split(',').map((column) => readColumn(column.trim(), lists)) };
	if (type.includes('+'))
		return {
			kind: 'parts',
			columns: type.split('+').map((part) => ({ ...readColumn(part, lists), ...kindOf(part, lists) }))
		};
	throw new Error(`the type "${type}" is not known`);
}

function list(name: string, lists: OptionLists): string[] {
	const options = Object.hasOwn(lists, name) ? lists[name] : undefined;
	if (!options) throw new Error(`the list "${name}" is not known`);
	return options;
}

/** Without keys that say nothing, so that a stored template is short and two equal ones are equal. */
function trimmed<T extends object>(thing: T): T {
	return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as T;
}
