import type { Form } from '#domain/basics/form.ts';
import type { Db } from './database.ts';

export interface Template {
	id: string;
	version: number;
	language: string;
	form: Form;
}

export const addTemplate = async (
	db: Db,
	template: { id: string; version: number; form: Form; at: Date }
): Promise<number> => {
	const { form } = template;
	const rows = await db`
		insert into basics.form_templates (id, code, version, title, language, definition, created_at)
		values (${template.id}, ${form.code}, ${template.version}, ${form.title}, 'en', ${db.json(form as never)}, ${template.at})
		on conflict (code, version) do nothing returning id`;
	return rows.length;
};

export const newestTemplates = (db: Db) => db<Template[]>`
	select distinct on (code) id, version, language, definition as form
	from basics.form_templates order by code, version desc`;

export const newestTemplate = async (db: Db, code: string): Promise<Template | undefined> => {
	const [row] = await db<Template[]>`
		select id, version, language, definition as form from basics.form_templates
		where code = ${code} order by version desc limit 1`;
	return row;
};

export const templateById = async (db: Db, id: string): Promise<Template | undefined> => {
	const [row] = await db<Template[]>`
		select id, version, language, definition as form from basics.form_templates where id = ${id}`;
	return row;
};
