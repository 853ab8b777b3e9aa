// The page.
import { createApp } from 'vue';
import { createBank } from '../bank.js';
import Accounts from './Accounts.vue';

const bank = createBank({
  environment: { baseUrl: import.meta.env.VITE_BASE_URL },
  clientId: 'oakford-demo-web',
  redirectUri: `${location.origin}/callback`,
});

createApp(Accounts, { bank }).mount('#app');
