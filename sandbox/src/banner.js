// What the command says when a sandbox is ready: where it is, and who and what is in it.

/**
 * @param {import('../types/testing.d.ts').Sandbox} sandbox
 * @param {string} host that it listens on
 */
export function banner({ origin, baseUrl, port, clients, users, scenarios }, host) {
  const { name: loaded, description } = scenarios.current;
  const clientRows = Object.values(clients).map(({ clientId, clientSecret, authMethod }) => [
    clientId,
    clientSecret ?? '–',
    authMethod,
  ]);
  const userRows = users.map(({ username, password, name, accountIds }) => [
    username,
    password,
    `${name}, ${accountIds.length === 1 ? '1 account' : `${accountIds.length} accounts`}`,
  ]);
  const scenarioRows = scenarios.list().map(({ name, description: text }) => [name, text]);
  return `
  Oakford AISP sandbox

    Control page  ${origin}/_sandbox
    API           ${baseUrl}
    Issuer        ${origin}
    Listens on    ${host.includes(':') ? `[${host}]` : host}:${port}
    Scenario      ${description ? `${loaded}: ${description}` : loaded}

  Customers: user name, password
${table(userRows)}

  Clients: id, secret (any http redirect URI on a loopback address)
${table(clientRows)}

  Scenarios: --scenario NAME, or a file of your own
${table(scenarioRows)}

  Stop with Ctrl+C.
`;
}

/** @param {string[][]} rows */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
