// Vercel's edge runtime, likewise, with its own suffix for a module.
import module from '../sdk.wasm?module';

export default async () => module;
