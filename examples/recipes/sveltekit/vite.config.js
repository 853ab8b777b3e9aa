// Built for Node.js. ORIGIN is where the site is served, such as https://app.example: cookies and forms are checked against it.
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [sveltekit({ adapter: adapter(), paths: { origin: process.env.ORIGIN } })],
});
