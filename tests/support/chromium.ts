import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type LaunchOptions } from 'playwright';

const systemPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Which Chromium the stories drive: CHROMIUM_PATH, else Playwright's own if it is installed, else the system's; on Debian
 * as root it is installed when there is none.
 * @throws Error with a sentence where none can be had
 */
export function findChromium(): LaunchOptions {
	const args = [
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync'
	];
	// Chromium refuses to run as root inside its sandbox.
	if (process.getuid?.() === 0) args.push('--no-sandbox');
	const given = process.env.CHROMIUM_PATH;
	if (given) {
		if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names ${given}, and there is no file.`);
		return { executablePath: given, args };
	}
	if (existsSync(chromium.executablePath())) return { args };
	const system = () => systemPlaces.find((place) => existsSync(place));
	if (!system() && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
		console.log('No Chromium is installed: installing the Debian package.');
		execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
		execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
			stdio: ['ignore', 'ignore', 'inherit'],
			env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
		});
	}
	const found = system();
	if (!found)
		throw new Error(
			'No Chromium was found. Set CHROMIUM_PATH, or run "npx playwright install chromium", or install the package "chromium".'
		);
	return { executablePath: found, args };
}
