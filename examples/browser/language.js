// The language in which amounts, dates and counts are written: that of the page's text.

export const language = document.documentElement.lang;
