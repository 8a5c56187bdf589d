import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, covers, dayIn, isDay } from '#domain/basics/day.ts';

describe('a day', () => {
	test.each(['2026-11-22', '2028-02-29', '2000-02-29', '2026-12-31', '0001-01-01'])('%s is one', (day) => {
		expect(isDay(day)).toBe(true);
	});
	test.each([
		'2026-02-29',
		'1900-02-29',
		'2026-02-30',
		'2026-04-31',
		'2026-13-01',
		'2026-00-10',
		'2026-01-00',
		'2026-1-1',
		'26-01-01',
		'2026-11-22T00:00:00Z',
		' 2026-11-22',
		'2026-11-22\n',
		'22.11.2026',
		'٢٠٢٦-١١-٢٢',
		''
	])('%j is none', (text) => {
		expect(isDay(text)).toBe(false);
	});
	test('is text', () => {
		for (const odd of [undefined, null, 20261122, new Date(0), ['2026-11-22']]) expect(isDay(odd)).toBe(false);
	});
});

describe('the day that a moment falls on', () => {
	test.each([
		['2026-11-22T22:59:59Z', 'Europe/Brussels', '2026-11-22'],
		['2026-11-22T23:00:00Z', 'Europe/Brussels', '2026-11-23'],
		['2026-06-30T21:59:59Z', 'Europe/Brussels', '2026-06-30'],
		['2026-06-30T22:00:00Z', 'Europe/Brussels', '2026-07-01'],
		['2026-11-22T22:00:00Z', 'Europe/Athens', '2026-11-23'],
		['2026-11-22T23:30:00Z', 'Europe/London', '2026-11-22'],
		['2026-11-22T00:30:00Z', 'Atlantic/Azores', '2026-11-21'],
		['2026-12-31T23:59:59Z', 'Europe/Bucharest', '2027-01-01'],
		// The nights the clocks change.
		['2026-03-29T00:59:59Z', 'Europe/Brussels', '2026-03-29'],
		['2026-10-25T22:30:00Z', 'Europe/Brussels', '2026-10-25'],
		['2026-10-25T23:00:00Z', 'Europe/Brussels', '2026-10-26']
	])('%s in %s is %s', (at, zone, day) => {
		expect(dayIn(new Date(at), zone)).toBe(day);
	});
});

describe('days are counted', () => {
	test.each([
		['2026-11-22', 1, '2026-11-23'],
		['2026-12-31', 1, '2027-01-01'],
		['2028-02-28', 1, '2028-02-29'],
		['2026-03-01', -1, '2026-02-28'],
		// A day is a day, also when it has 23 or 25 hours.
		['2026-03-28', 2, '2026-03-30'],
		['2026-10-24', 2, '2026-10-26'],
		['2026-11-22', 0, '2026-11-22'],
		['2026-11-22', 300, '2027-09-18']
	])('%s and %i more is %s', (day, days, then) => {
		expect(addDays(day, days)).toBe(then);
	});
	test('and back again, and a later day sorts behind an earlier one', () => {
		const day = fc
			.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
			.map((date) => date.toISOString().slice(0, 10));
		fc.assert(
			fc.property(day, fc.integer({ min: -5_000, max: 5_000 }), (start, days) => {
				const then = addDays(start, days);
				expect(isDay(then)).toBe(true);
				expect(addDays(then, -days)).toBe(start);
				expect(Math.sign(then < start ? -1 : then > start ? 1 : 0)).toBe(Math.sign(days));
			}),
			{ numRuns: 500, seed: 20261122 }
		);
	});
});

describe('a span', () => {
	const span = { since: '2026-11-21', until: '2026-11-23' };
	test('covers both its ends and what is between', () => {
		expect(
			['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'].map((day) => covers(span, day))
		).toEqual([false, true, true, true, false]);
	});
	test('without an end goes on', () => {
		expect(covers({ since: '2026-11-21', until: null }, '2099-01-01')).toBe(true);
		expect(covers({ since: '2026-11-21', until: null }, '2026-11-20')).toBe(false);
	});
	test('of one day covers that day', () => {
		expect(covers({ since: '2026-11-21', until: '2026-11-21' }, '2026-11-21')).toBe(true);
	});
});
