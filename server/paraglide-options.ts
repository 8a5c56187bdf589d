/** How the message files become functions; one place for Vite and for `npm run messages`. */
export const paraglideOptions = {
	project: './src/messages/project.inlang',
	outdir: './src/messages/compiled',
	strategy: ['cookie', 'preferredLanguage', 'baseLocale'] as ['cookie', 'preferredLanguage', 'baseLocale'],
	cookieName: 'language',
	emitTsDeclarations: true
};
