// Where the API is, on whatever origin.

exports.API_PATH = '/aisp/v1';
