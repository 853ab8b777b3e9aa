// Where the API is, on whatever origin.

export const API_PATH = '/aisp/v1';
