// Writes the body that Python decodes: `node benches/python/bodies.mjs <rows> <language>`, the same data as in benches/decode.
import { shuffled, transactions } from '../decode/data.mjs';

const [rows = '1000', language = 'ascii'] = process.argv.slice(2);
const list =
  language === 'shuffled'
    ? shuffled(transactions(Number(rows), 'ascii', 4), 1)
    : transactions(Number(rows), language, 1);
process.stdout.write(JSON.stringify(list));
