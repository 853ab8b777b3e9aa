// What the page shows at first, while the SDK is still being loaded.
import { callbackUrl } from './callback.js';
import { showCustomers } from './customers.js';
import { show, showStart } from './view.js';

showCustomers(document.getElementById('customers'));
if (callbackUrl === null) showStart();
else show('working');

import('./main.js');
