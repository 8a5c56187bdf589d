import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './support/chromium.ts';

export default defineConfig({
	testDir: 'stories',
	testMatch: '**/*.browser.test.ts',
	outputDir: '../test-results',
	globalSetup: './support/stories-setup.ts',
	// Each story file has a server and a database of its own; two cores carry one at a time.
	workers: 1,
	timeout: 120_000,
	expect: { timeout: 10_000 },
	reporter: [['list'], ['json', { outputFile: '../test-results/stories.json' }]],
	use: {
		actionTimeout: 15_000,
		...devices['Desktop Chrome'],
		trace: 'retain-on-failure',
		launchOptions: findChromium(),
		locale: 'en-GB',
		timezoneId: 'Europe/Rome'
	}
});
