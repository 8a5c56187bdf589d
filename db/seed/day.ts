const dayMs = 86_400_000;

/** The calendar day (`YYYY-MM-DD`) that a moment falls on in a time zone. */
export function dayIn(at: Date, timeZone: string): string {
	// Swedish writes dates as ISO does.
	return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

export function addDays(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The moment at which clocks in a time zone show this day and time (`HH:MM`). */
export function momentOf(day: string, time: string, timeZone: string): Date {
	const asUtc = Date.parse(`${day}T${time}:00Z`);
	const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
	const offset = Date.parse(`${shown.format(new Date(asUtc)).replace(' ', 'T')}Z`) - asUtc;
	return new Date(asUtc - offset);
}

export function minutesAfter(at: Date, minutes: number): Date {
	return new Date(at.getTime() + minutes * 60_000);
}
