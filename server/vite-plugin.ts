import type { Server as HttpServer } from 'node:http';
import type { Plugin, ViteDevServer } from 'vite';
import { isRunnableDevEnvironment } from 'vite';
import { readEnv } from './env.ts';

/**
 * Makes `server/` part of SvelteKit's own server build, so that routes and sockets share one module graph:
 * - build: `server/main.ts` is one more input of the SSR build and becomes build/server/main.js
 * - dev: sockets, jobs and database hang on Vite's HTTP server; modules come from Kit's SSR module runner
 */
export function appServer(): Plugin[] {
	return [
		{
			name: 'app-server:build',
			apply: 'build',
			config: () => ({
				environments: { ssr: { build: { rolldownOptions: { input: { main: 'server/main.ts' } } } } }
			})
		},
		{
			name: 'app-server:dev',
			apply: (_config, env) => env.command === 'serve' && !env.isPreview,
			config: () => {
				const { port, host } = readEnv();
				return { server: { port, host, strictPort: true } };
			},
			configureServer(vite: ViteDevServer) {
				const http = vite.httpServer as HttpServer | null;
				const ssr = vite.environments.ssr;
				if (!http || !isRunnableDevEnvironment(ssr)) return;
				let stop: (() => Promise<void>) | undefined;
				// Kit answers no page before the backend runs: the runner is usable only once the server listens.
				http.once('listening', () => {
					ssr.runner
						.import('/server/dev.ts')
						.then((dev: typeof import('./dev.ts')) => dev.start(http))
						.then((stopper) => (stop = stopper))
						.catch((fault: unknown) => vite.config.logger.error(String((fault as Error).stack ?? fault)));
				});
				http.once('close', () => void stop?.());
			}
		}
	];
}

const refusal = 'config_file_unsupported';

/**
 * SvelteKit 3 refuses to run beside a root svelte.config.js, because its options moved into the Vite plugin. Ours is
 * a plain module that vite.config.ts imports, so that one refusal is lifted.
 * @throws when the pinned Kit no longer has the plugin this leans on: then look at Kit's release notes.
 */
export async function keepSvelteConfig(plugins: Promise<Plugin[]>): Promise<Plugin[]> {
	const all = await plugins;
	const guard = all.find((plugin) => plugin.name === 'vite-plugin-sveltekit-resolve-root');
	if (typeof guard?.config !== 'object')
		throw new Error('keepSvelteConfig no longer fits the installed @sveltejs/kit: see server/vite-plugin.ts');
	const { handler } = guard.config;
	guard.config.handler = function (...args) {
		try {
			return handler.apply(this, args);
		} catch (fault) {
			const said = String((fault as Error).message);
			if (!said.includes(refusal) && !said.includes('svelte.config')) throw fault;
		}
	};
	return all;
}
