// The charts of an account. They draw with doubles; every figure that is written beside them is exact.
import { Money } from '@oakford/aisp';
import { formatDay, formatShortMonth } from './dates.js';
import { element } from './element.js';
import { language } from './language.js';
import { uPlot } from './plot.js';

const HEIGHT = 190;

/** The balance at the end of each day, as a line; until the signal aborts it follows light and dark. */
export function balanceChart(signal) {
  return chart('Balance', signal, formatDay, (ink) => ({
    scales: { x: { time: true } },
    axes: [
      { values: (_, times) => times.map((time) => formatShortMonth(new Date(time * 1000).toISOString())) },
    ],
    series: { paths: uPlot.paths.stepped({ align: 1 }), width: 1.25, stroke: ink.brand, fill: ink.tint },
    x: (days) => days.map((day) => Date.parse(day) / 1000),
  }));
}

/** What was spent in each month, as bars. */
export function spendingChart(signal) {
  return chart('Spending by month', signal, formatShortMonth, (ink, months) => ({
    // Half a bar of room at both ends.
    scales: { x: { time: false, range: (_, least, most) => [least - 0.5, most + 0.5] } },
    axes: [
      {
        incrs: [1, 2, 3, 6, 12],
        values: (_, places) => places.map((place) => (months[place] ? formatShortMonth(months[place]) : '')),
      },
    ],
    series: { paths: uPlot.paths.bars({ size: [0.7, 48], radius: 0.15 }), fill: ink.brand, width: 0 },
    x: (list) => list.map((_, index) => index),
    fromZero: true,
  }));
}

/** A figure with its title, the value under the pointer, and the drawing. */
function chart(title, signal, formatKey, configure) {
  const value = element('span', { class: 'value' });
  const drawing = element('div', { class: 'drawing', role: 'img', ariaLabel: `${title}: nothing yet` });
  const figure = element('figure', {}, element('figcaption', {}, element('h3', {}, title), value), drawing);
  let plot;
  let keys = [];
  let values = [];
  const write = (index) => {
    value.textContent = keys[index]
      ? `${formatKey(keys[index])}: ${Money.format(values[index], language)}`
      : '';
  };

  /** Draws a map that has the newest first. */
  const show = (map) => {
    keys = [...map.keys()].reverse();
    values = [...map.values()].reverse();
    write(keys.length - 1);
    if (keys.length > 0) drawing.ariaLabel = `${title}. ${value.textContent}`;
    draw();
  };

  const draw = () => {
    plot?.destroy();
    plot = undefined;
    if (keys.length === 0) return;
    const parts = configure(inkOf(figure), keys);
    const data = [parts.x(keys), values.map(({ amount }) => Number(amount))];
    plot = new uPlot(
      optionsFor({ ...parts, ink: inkOf(figure), width: drawing.clientWidth, write, keys }),
      data,
      drawing,
    );
  };
  new ResizeObserver(() => plot?.setSize({ width: drawing.clientWidth, height: HEIGHT })).observe(drawing);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  return { element: figure, show };
}

function optionsFor({ scales, axes, series, fromZero, ink, width, write, keys }) {
  const compact = new Intl.NumberFormat(language, { notation: 'compact' });
  const axis = { stroke: ink.soft, font: `12px ${ink.font}`, ticks: { show: false }, grid: { show: false } };
  return {
    width,
    height: HEIGHT,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false }, points: { show: !fromZero } },
    // A day is a day everywhere.
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'UTC'),
    scales: { ...scales, y: fromZero ? { range: (_, __, most) => [0, (most || 1) * 1.05] } : {} },
    axes: [
      { ...axis, size: 28, space: 70, ...axes[0] },
      {
        ...axis,
        size: 40,
        grid: { show: true, stroke: ink.line, width: 1 },
        values: (_, amounts) => amounts.map((amount) => compact.format(amount)),
      },
    ],
    series: [{}, { points: { show: false }, ...series }],
    hooks: { setCursor: [({ cursor }) => write(cursor.idx ?? keys.length - 1)] },
  };
}

/** The stylesheet's colours and font, which a canvas can't see. */
function inkOf(place) {
  const style = getComputedStyle(place);
  const colour = (name) => style.getPropertyValue(`--${name}`);
  return {
    brand: colour('brand'),
    tint: colour('tint'),
    soft: colour('soft'),
    line: colour('line'),
    font: style.fontFamily,
  };
}
