/** The languages the interface speaks; English first, the others kept complete. */
export const interfaceLanguages = ['en', 'fr', 'de', 'it', 'es', 'el'] as const;
export type InterfaceLanguage = (typeof interfaceLanguages)[number];

/** Each language's own name for itself: a reader looks for their own word. */
export const languageNames: Record<InterfaceLanguage, string> = {
	en: 'English',
	fr: 'Français',
	de: 'Deutsch',
	it: 'Italiano',
	es: 'Español',
	el: 'Ελληνικά'
};

/** The 24 official languages of the Union and a few that cities work in, for content. */
export const contentLanguages = [
	'bg',
	'ca',
	'cs',
	'da',
	'de',
	'el',
	'en',
	'es',
	'et',
	'fi',
	'fr',
	'ga',
	'hr',
	'hu',
	'it',
	'lt',
	'lv',
	'mt',
	'nl',
	'pl',
	'pt',
	'ro',
	'sk',
	'sl',
	'sv',
	'tr',
	'uk',
	'ar'
] as const;
export type ContentLanguage = (typeof contentLanguages)[number];

export function isInterfaceLanguage(text: unknown): text is InterfaceLanguage {
	return interfaceLanguages.includes(text as InterfaceLanguage);
}

export function isContentLanguage(text: unknown): text is ContentLanguage {
	return contentLanguages.includes(text as ContentLanguage);
}
