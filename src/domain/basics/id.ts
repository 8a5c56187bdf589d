const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text from outside has the shape of an id of ours (a lower-case UUID of any version). */
export function isId(text: unknown): text is string {
	return typeof text === 'string' && shape.test(text);
}
