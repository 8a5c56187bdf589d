import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { appServer, keepSvelteConfig } from './server/vite-plugin.ts';
import { paraglideOptions } from './server/paraglide-options.ts';
import svelteConfig from './svelte.config.js';

export default defineConfig({
	plugins: [paraglideVitePlugin(paraglideOptions), keepSvelteConfig(sveltekit(svelteConfig)), appServer()]
});
