// What the page shows at first, while the SDK is still being loaded.
import { isFromAnotherTab } from './begun-here.js';
import { callbackUrl } from './callback.js';
import { showCustomers } from './customers.js';
import { show, showStart } from './view.js';

showCustomers(document.getElementById('customers'));
if (callbackUrl === null) showStart();
else show('working');
document.getElementById('elsewhere').hidden = !isFromAnotherTab;

import('./main.js');
