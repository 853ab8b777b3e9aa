// The ways from bytes to objects that are measured against one another.

import { load } from './ours.mjs';

const decoder = new TextDecoder();

/** @param rivals { zod, Ajv } where they are at hand */
export async function ways({ folder, wasm, rivals = {} }) {
  const ours = await load(folder, wasm);
  const all = {
    'JSON.parse(string)': ({ text }) => JSON.parse(text),
    'TextDecoder+JSON.parse': ({ bytes }) => JSON.parse(decoder.decode(bytes)),
    'Response.json': ({ bytes }) => new Response(bytes).json(),
    oakford: ({ bytes }) => ours.decode(3, bytes),
    'oakford, Rust only': ({ bytes }) => ours.scan(3, bytes),
  };
  if (rivals.zod) {
    const schema = zodSchema(rivals.zod);
    all['JSON.parse+zod'] = ({ bytes }) => schema.parse(JSON.parse(decoder.decode(bytes)));
  }
  if (rivals.Ajv) {
    const validate = new rivals.Ajv({ strict: false }).compile(ajvSchema());
    all['JSON.parse+ajv'] = ({ bytes }) => {
      const value = JSON.parse(decoder.decode(bytes));
      if (!validate(value)) throw new Error('not valid');
      return value;
    };
  }
  return all;
}

const TEXTS =
  'transaction_id entry_reference mutability credit_debit_indicator creditor_name debtor_name bank_transaction_code purpose_code merchant_category_code end_to_end_id'.split(
    ' ',
  );
const DATES = ['booking_date', 'value_date', 'transaction_date'];

/** The schema of a transaction list as a user of zod writes it. */
export function zodSchema(z) {
  const optional = z.string().nullish();
  const date = z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .nullish();
  const amount = z.object({
    amount: z.string().regex(/^-?\d+(\.\d+)?$/),
    currency: z.string().regex(/^[A-Z]{3}$/),
  });
  const account = z.object({ iban: optional, bic: optional }).nullish();
  const transaction = z.object({
    ...Object.fromEntries(TEXTS.map((name) => [name, optional])),
    ...Object.fromEntries(DATES.map((name) => [name, date])),
    status: z.string(),
    transaction_amount: amount,
    creditor_account: account,
    debtor_account: account,
    remittance_information_unstructured: z.array(z.string()).nullish(),
    balance_after_transaction: z.object({ balance_amount: amount, balance_type: optional }).nullish(),
  });
  return z.object({ account_id: z.string(), transactions: z.array(transaction), next_cursor: optional });
}

function ajvSchema() {
  const optional = { type: ['string', 'null'] };
  const date = { type: ['string', 'null'], pattern: '^\\d{4}-\\d\\d-\\d\\d$' };
  const amount = {
    type: 'object',
    required: ['amount', 'currency'],
    properties: {
      amount: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    },
  };
  const account = { type: ['object', 'null'], properties: { iban: optional, bic: optional } };
  const transaction = {
    type: 'object',
    required: ['status', 'transaction_amount'],
    properties: {
      ...Object.fromEntries(TEXTS.map((name) => [name, optional])),
      ...Object.fromEntries(DATES.map((name) => [name, date])),
      status: { type: 'string' },
      transaction_amount: amount,
      creditor_account: account,
      debtor_account: account,
      remittance_information_unstructured: { type: ['array', 'null'], items: { type: 'string' } },
      balance_after_transaction: {
        type: ['object', 'null'],
        properties: { balance_amount: amount, balance_type: optional },
      },
    },
  };
  return {
    type: 'object',
    required: ['account_id', 'transactions'],
    properties: { transactions: { type: 'array', items: transaction } },
  };
}
