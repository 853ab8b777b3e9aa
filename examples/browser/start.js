// The page's first script: the code leaves the address bar before any other script is even asked for.
import './callback.js';

import('./arrival.js');
