import { addDays, type Day } from '../basics/day.ts';

export interface Step {
	no: number;
	title: string;
	phase: string;
	owner: string;
	formCodes: string[];
	offsetDays: number;
}

export type StepStatus = 'past' | 'now' | 'coming';

/** A step with the day it is due, which follows from the first day of the visit: moving that moves them all. */
export function dueOn(step: Pick<Step, 'offsetDays'>, firstDay: Day): Day {
	return addDays(firstDay, step.offsetDays);
}

/**
 * Where each step stands by its date. "Now" is the first step that is not past, together with the others of that day:
 * an expert asks what is on, not what has been ticked off.
 */
export function statusByDate(steps: Step[], firstDay: Day, today: Day): StepStatus[] {
	const next = steps.map((step) => dueOn(step, firstDay)).find((due) => due >= today);
	return steps.map((step) => {
		const due = dueOn(step, firstDay);
		return due < today ? 'past' : due === next ? 'now' : 'coming';
	});
}
