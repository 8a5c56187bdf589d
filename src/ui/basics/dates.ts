import { addDays } from '#domain/basics/day.ts';
import { getLocale } from '#messages/compiled/runtime.js';

/** English as Europe writes it: "Tue 7 Dec 2026", 14:02; the others as they are. */
function reader(): string {
	const locale = getLocale();
	return locale === 'en' ? 'en-GB' : locale;
}

/** "Tue 7 Dec 2026", in the reader's language; a day has no zone. */
export function shownDay(day: string): string {
	return new Intl.DateTimeFormat(reader(), {
		weekday: 'short',
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		timeZone: 'UTC'
	}).format(new Date(`${day}T00:00:00Z`));
}

/** "14:02", in the reader's time zone. */
export function shownTime(at: Date, timeZone?: string): string {
	return new Intl.DateTimeFormat(reader(), { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}

/** "7 Dec 2026, 14:02". */
export function shownMoment(at: Date, timeZone: string): string {
	return new Intl.DateTimeFormat(reader(), {
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		timeZone
	}).format(at);
}

/** "5–7 May 2026"; whole months as such, "Jun 2020": more is not known of them. */
export function shownSpan(from: string, to: string): string {
	const whole = from.endsWith('-01') && addDays(to, 1).endsWith('-01');
	const format = new Intl.DateTimeFormat(reader(), {
		...(whole ? {} : { day: 'numeric' as const }),
		month: 'short',
		year: 'numeric',
		timeZone: 'UTC'
	});
	return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/** "1 488 200", grouped as the reader's language groups. */
export function shownNumber(number: number): string {
	return new Intl.NumberFormat(reader()).format(number);
}

/** A country's name in the reader's language. */
export function countryName(code: string): string {
	return new Intl.DisplayNames(reader(), { type: 'region', fallback: 'code' }).of(code) ?? code;
}

/** A language's name in the reader's language. */
export function languageName(code: string): string {
	return new Intl.DisplayNames(reader(), { type: 'language', fallback: 'code' }).of(code) ?? code;
}
