import adapter from '@sveltejs/adapter-node';

/**
 * Kit's options, in the place where editors and people look for them; vite.config.ts hands them to Kit.
 * @type {import('@sveltejs/kit/vite').Config}
 */
const config = {
	adapter: adapter({ out: 'build' }),
	compilerOptions: {
		runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true)
	},
	csp: {
		mode: 'auto',
		directives: {
			'default-src': ['self'],
			'script-src': ['self'],
			'style-src': ['self'],
			// The one inline style Kit itself renders: its route announcer.
			'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
			'img-src': ['self', 'data:', 'blob:'],
			'connect-src': ['self'],
			'object-src': ['none'],
			'base-uri': ['self'],
			'form-action': ['self'],
			'frame-ancestors': ['none']
		}
	}
};

export default config;
