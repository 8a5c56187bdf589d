import { compile } from '@inlang/paraglide-js';
import { paraglideOptions } from '../paraglide-options.ts';

/** `npm run messages`: turns the message files into functions, for tools that run without Vite. */
await compile(paraglideOptions);
