// Made-up transaction lists, the same for the same seed.

const NAMES = {
  ascii: [
    'Corner Bakery Ltd',
    'Blue Harbour Insurance',
    'Northern Rail',
    'Smith and Sons Hardware',
    'City Council',
    'Grocer at the Gate',
    'Anna Berger',
    'Telecom North',
  ],
  european: [
    'Bäckerei Müller',
    'Café de Flore',
    'Ångström Försäkring',
    'José Núñez',
    'Société Générale',
    'Straßenbahn Köln',
    'Grocer at the Gate',
    'Telecom North',
  ],
  greek: [
    'Φούρνος Παπαδόπουλος',
    'Ασφάλειες Ελλάδος',
    'Σιδηρόδρομοι Βορρά',
    'Δήμος Αθηναίων',
    'Ελένη Γεωργίου',
    'Καφενείο Η Πλατεία',
    'Υπηρεσίες Ύδρευσης',
    'Βιβλιοπωλείο Ίκαρος',
  ],
};
const LINES = {
  ascii: [
    'Invoice 2024-',
    'Thank you for your purchase, order ',
    'Monthly fee for contract ',
    'Card payment at terminal ',
  ],
  european: [
    'Rechnung für März ',
    'Merci de votre achat, commande ',
    'Månadsavgift för avtal ',
    'Kartenzahlung Nürnberg ',
  ],
  greek: [
    'Τιμολόγιο Μαρτίου ',
    'Ευχαριστούμε για την αγορά σας ',
    'Μηνιαία συνδρομή συμβολαίου ',
    'Πληρωμή με κάρτα στο κατάστημα ',
  ],
};

/** Numbers from 0 to 1, by the method called mulberry32. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A list of transactions as an object of the wire. */
export function transactions(rows, language, seed) {
  const next = random(seed);
  const any = (list) => list[Math.floor(next() * list.length)];
  const digits = (length) => Array.from({ length }, () => Math.floor(next() * 10)).join('');
  const all = [];
  const start = Date.UTC(2024, 2, 1);
  for (let i = 0; i < rows; i++) {
    const day = new Date(start - Math.floor(i / 4) * 86400000).toISOString().slice(0, 10);
    const isDebit = next() < 0.7;
    const amount = `${isDebit ? '-' : ''}${Math.floor(next() * 500)}.${digits(2)}`;
    all.push({
      transaction_id: `${digits(8)}-${digits(4)}-${digits(4)}-${digits(12)}`,
      entry_reference: `NTRF${digits(12)}`,
      status: 'booked',
      mutability: 'immutable',
      transaction_amount: { amount, currency: 'EUR' },
      credit_debit_indicator: isDebit ? 'debit' : 'credit',
      booking_date: day,
      value_date: day,
      transaction_date: day,
      creditor_name: any(NAMES[language]),
      creditor_account: { iban: `DE${digits(20)}`, bic: 'COBADEFFXXX' },
      debtor_name: any(NAMES[language]),
      debtor_account: { iban: `DE${digits(20)}` },
      remittance_information_unstructured: [any(LINES[language]) + digits(6)],
      bank_transaction_code: any(['PMNT-RCDT-ESCT', 'PMNT-ICDT-ESCT', 'PMNT-CCRD-POSD']),
      purpose_code: any(['SALA', 'OTHR', 'CASH']),
      merchant_category_code: `5${digits(3)}`,
      balance_after_transaction: {
        balance_amount: { amount: `${digits(4)}.${digits(2)}`, currency: 'EUR' },
        balance_type: 'interim_booked',
      },
      end_to_end_id: `E2E-${digits(14)}`,
    });
  }
  return { account_id: '3dc3d5b3-7023-4848-9853-f5400a64e80f', transactions: all, next_cursor: null };
}

/** The same with the fields of every row in another order. */
export function shuffled(list, seed) {
  const next = random(seed);
  const shuffle = (row) =>
    Object.fromEntries(
      Object.entries(row)
        .map((entry) => [next(), entry])
        .sort(([a], [b]) => a - b)
        .map(([, entry]) => entry),
    );
  return { ...list, transactions: list.transactions.map(shuffle) };
}

/** The bodies that are measured: name, text. */
export function* bodies(sizes, seed) {
  for (const rows of sizes) {
    yield { rows, name: 'ascii', text: JSON.stringify(transactions(rows, 'ascii', seed)) };
    yield { rows, name: 'european', text: JSON.stringify(transactions(rows, 'european', seed + 1)) };
    yield { rows, name: 'greek', text: JSON.stringify(transactions(rows, 'greek', seed + 2)) };
    yield {
      rows,
      name: 'shuffled',
      text: JSON.stringify(shuffled(transactions(rows, 'ascii', seed + 3), seed)),
    };
    yield { rows, name: 'pretty', text: JSON.stringify(transactions(rows, 'ascii', seed + 4), null, 2) };
  }
}
