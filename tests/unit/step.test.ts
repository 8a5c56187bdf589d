import { describe, expect, test } from 'vitest';
import templates from '#db/seed/default-templates.json' with { type: 'json' };
import { dueOn, statusByDate, type Step } from '#domain/reviews/step.ts';

const stepsAt = (...offsets: number[]): Step[] =>
	offsets.map((offsetDays, index) => ({
		no: index + 1,
		title: `Step ${index + 1}`,
		phase: 'prepare',
		owner: 'host lead',
		formCodes: [],
		offsetDays
	}));
const firstDay = '2026-11-21';
const steps = stepsAt(-90, -30, 0, 0, 1, 42);

describe('a step of a review', () => {
	test('is due so many days before or after the first day of the visit', () => {
		expect(steps.map((step) => dueOn(step, firstDay))).toEqual([
			'2026-08-23',
			'2026-10-22',
			'2026-11-21',
			'2026-11-21',
			'2026-11-22',
			'2027-01-02'
		]);
	});
	test('moves with the visit, all by the same days', () => {
		expect(steps.map((step) => dueOn(step, '2026-11-28'))[0]).toBe('2026-08-30');
		expect(statusByDate(steps, '2026-11-28', '2026-11-22')[2]).toBe('now');
	});
	test.each([
		{
			today: '2026-01-01',
			wanted: ['now', 'coming', 'coming', 'coming', 'coming', 'coming'],
			why: 'long before, the first step is on'
		},
		{
			today: '2026-08-23',
			wanted: ['now', 'coming', 'coming', 'coming', 'coming', 'coming'],
			why: 'on its day it is on'
		},
		{
			today: '2026-08-24',
			wanted: ['past', 'now', 'coming', 'coming', 'coming', 'coming'],
			why: 'the day after it is past'
		},
		{
			today: '2026-11-01',
			wanted: ['past', 'past', 'now', 'now', 'coming', 'coming'],
			why: 'steps of one day are on together'
		},
		{
			today: '2026-11-22',
			wanted: ['past', 'past', 'past', 'past', 'now', 'coming'],
			why: 'during the visit, the step of the day is on'
		},
		{ today: '2026-12-01', wanted: ['past', 'past', 'past', 'past', 'past', 'now'], why: 'only the last one is left' },
		{ today: '2027-01-03', wanted: ['past', 'past', 'past', 'past', 'past', 'past'], why: 'all is past' }
	])('on $today $why', ({ today, wanted }) => {
		expect(statusByDate(steps, firstDay, today)).toEqual(wanted);
	});
	test('a review without steps has no status to show', () => {
		expect(statusByDate([], firstDay, firstDay)).toEqual([]);
	});
	test('on any day until the last, something is on, and nothing that is due later comes before it', () => {
		const offsets = templates.step_templates.critical_friend_review.map((step) => step.offset_days);
		const review = stepsAt(...offsets);
		for (let shift = -200; shift <= 300; shift += 7) {
			const today = dueOn({ offsetDays: shift }, firstDay);
			const statuses = statusByDate(review, firstDay, today);
			expect(statuses).toContain('now');
			const order = ['past', 'now', 'coming'];
			expect(statuses).toEqual([...statuses].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
		}
	});
});
