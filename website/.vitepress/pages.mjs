/** The site's pages, in the order of a user's life. Each is a Markdown file of the repository; its address is its key. */
export const sections = [
  {
    text: 'Start',
    pages: {
      index: 'README.md',
      'quickstart-browser': 'docs/quickstart-browser.md',
      'quickstart-node': 'docs/quickstart-node.md',
      'quickstart-next': 'docs/quickstart-next.md',
      'quickstart-workers': 'docs/quickstart-workers.md',
      'quickstart-python': 'docs/quickstart-python.md',
      sandbox: 'sandbox/README.md',
      migrating: 'docs/migrating.md',
      glossary: 'docs/glossary.md',
      faq: 'docs/faq.md',
    },
  },
  { text: 'Read', pages: { reading: 'docs/reading.md', recipes: 'docs/recipes.md' } },
  {
    text: 'Keep',
    pages: { stores: 'docs/stores.md', refresh: 'docs/refresh.md' },
  },
  {
    text: 'Go live',
    pages: {
      production: 'docs/production.md',
      security: 'docs/security.md',
      runtimes: 'docs/runtimes.md',
      testing: 'docs/testing.md',
      observability: 'docs/observability.md',
      versioning: 'docs/versioning.md',
      licences: 'docs/licences.md',
    },
  },
  {
    text: 'Look inside',
    pages: {
      architecture: 'docs/architecture.md',
      performance: 'docs/performance.md',
      simulation: 'docs/simulation.md',
      decisions: 'docs/decisions.md',
      contributing: 'CONTRIBUTING.md',
    },
  },
  { text: 'Reference', pages: { errors: 'docs/errors.md', cli: 'docs/cli.md', changelog: 'CHANGELOG.md' } },
];

/** The address of each file that is a page. */
export const addresses = new Map(
  sections.flatMap(({ pages }) => Object.entries(pages).map(([address, path]) => [path, address])),
);
