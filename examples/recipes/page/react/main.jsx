// The page: StrictMode mounts each component twice while one develops, and the connection is completed once.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBank } from '../bank.js';
import { Accounts } from './accounts.jsx';

const bank = createBank({
  environment: { baseUrl: import.meta.env.VITE_BASE_URL },
  clientId: 'oakford-demo-web',
  redirectUri: `${location.origin}/callback`,
});

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <Accounts bank={bank} />
  </StrictMode>,
);
