import type { Backend } from '#server/backend.ts';

const place = Symbol.for('citypeers.backend');
const holder = globalThis as { [place]?: Backend };

/** The backend that runs in this process. It lives on globalThis because Vite evaluates modules anew in dev. */
export function runningBackend(): Backend | undefined {
	return holder[place];
}

/** For who starts it: server/main.ts, server/dev.ts. */
export function setRunningBackend(backend: Backend | undefined): void {
	holder[place] = backend;
}
