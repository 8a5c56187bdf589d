/** A calendar day as `YYYY-MM-DD`; no time, no zone. */
export type Day = string;

const dayMs = 86_400_000;

/** Whether a text is a day that exists (2026-02-30 does not). */
export function isDay(text: unknown): text is Day {
	if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** The day that `at` falls on in a time zone (IANA name). */
export function dayIn(at: Date, timeZone: string): Day {
	// Swedish writes dates as ISO does.
	return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

export function addDays(day: Day, days: number): Day {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Whether a span with an open end covers a day; both ends belong to it. */
export function covers(span: { since: Day; until: Day | null }, day: Day): boolean {
	return span.since <= day && (span.until === null || day <= span.until);
}
