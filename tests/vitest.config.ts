import { defineConfig } from 'vitest/config';

const root = `${import.meta.dirname}/..`;
/** What every project shares: an assertion in each test, and no Vite plugins: `#server/*` resolves by package.json. */
const shared = { environment: 'node', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
	root,
	test: {
		expect: { requireAssertions: true },
		// One PostgreSQL serves all files; two cores gain nothing from more workers.
		maxWorkers: 2,
		projects: [
			{
				root,
				test: { ...shared, name: 'unit', include: ['tests/unit/**/*.test.ts', 'tests/*.test.ts'] }
			},
			{
				root,
				test: {
					...shared,
					name: 'server',
					include: ['tests/server/**/*.test.ts'],
					globalSetup: ['tests/support/postgres.ts']
				}
			},
			{
				root,
				test: {
					...shared,
					name: 'live',
					include: ['tests/live/**/*.test.ts'],
					globalSetup: ['tests/support/postgres.ts']
				}
			}
		]
	}
});
