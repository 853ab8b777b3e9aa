// Cloudflare's workerd compiles no bytes at run time: it takes a module that is part of the upload.
import module from '../sdk.wasm';

export default async () => module;
