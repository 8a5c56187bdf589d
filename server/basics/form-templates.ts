import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Form } from '#domain/basics/form.ts';
import { type OptionLists, rawForm, readTemplate } from '#domain/basics/form-template.ts';
import { contentLanguages } from '#domain/basics/language.ts';
import type { Chance } from './chance.ts';
import type { Sql } from './database.ts';
import { addTemplate, newestTemplates } from './form-templates.sql.ts';
import { projectRoot } from './root.ts';

const templateFile = z.object({
	scale4: z.array(z.string()),
	agree5: z.array(z.string()),
	principles: z.array(z.object({ no: z.number(), chapter: z.string(), title: z.string() })),
	forms: z.array(rawForm)
});

/** Reads `default-templates.json` into forms. @throws Error naming form and field when one cannot be read */
export async function defaultForms(): Promise<Form[]> {
	const file = path.join(projectRoot, 'db/seed/default-templates.json');
	const raw = templateFile.parse(JSON.parse(await readFile(file, 'utf8')));
	const lists: OptionLists = {
		scale4: raw.scale4,
		agree5: raw.agree5,
		principles: raw.principles.map(({ no, title }) => `${no} ${title}`),
		languages: [...contentLanguages]
	};
	return raw.forms.map((form) => readTemplate(form, lists));
}

/**
 * Loads the default forms into the database: a form that is new gets version 1, one that differs from its newest
 * default version gets the next. What is there is never changed.
 * @returns how many versions were new
 */
export async function loadDefaultForms(sql: Sql, chance: Chance, now: Date): Promise<number> {
	const forms = await defaultForms();
	return sql.begin(async (tx) => {
		const held = new Map((await newestTemplates(tx)).map((template) => [template.form.code, template]));
		let added = 0;
		for (const form of forms) {
			const newest = held.get(form.code);
			if (newest && sameForm(newest.form, form)) continue;
			// Two processes that start together: the second one finds the version there and leaves it.
			added += await addTemplate(tx, { id: chance.id(), version: (newest?.version ?? 0) + 1, form, at: now });
		}
		return added;
	});
}

/** Equal as data: jsonb does not keep the order of keys. */
function sameForm(a: Form, b: Form): boolean {
	return canonical(a) === canonical(b);
}

function canonical(thing: unknown): string {
	return JSON.stringify(thing, (_key, value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
			: value
	);
}
