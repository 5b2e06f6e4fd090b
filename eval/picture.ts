/** How often the leading claim was right, against how sure it was: a picture for docs/accuracy.md. */
import type { Bin } from "#evaluation/score.ts";

export interface Curve {
  readonly name: string;
  readonly bins: readonly Bin[];
}

const size = 320;
const margin = 64;
const colours = ["#1f6feb", "#bf3989", "#1a7f37", "#9a6700"];

const x = (share: number): number => margin + share * size;
const y = (share: number): number => margin / 2 + (1 - share) * size;

export function reliabilityPicture(curves: readonly Curve[]): string {
  const width = size + margin + 250;
  const height = size + margin * 1.4;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}" stroke="#e5e7eb"/>`,
      `<text x="${x(0) - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#4b5563">${tick * 100}%</text>`,
      `<text x="${x(tick)}" y="${y(0) + 18}" text-anchor="middle" fill="#4b5563">${tick * 100}%</text>`,
    ]),
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#9ca3af" stroke-dasharray="4 4"/>`,
    `<text x="${x(0.5)}" y="${y(0) + 38}" text-anchor="middle" fill="#111827">how sure the leading claim was</text>`,
    `<text x="14" y="${y(0.5)}" text-anchor="middle" fill="#111827" transform="rotate(-90 14 ${y(0.5)})">how often it was right</text>`,
    ...curves.flatMap((curve, index) => drawn(curve, index)),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

/** Bars are Wilson's intervals; the area of a dot is that of its share of the cases. */
function drawn({ name, bins }: Curve, index: number): readonly string[] {
  const colour = colours[index % colours.length] ?? "#000000";
  const all = bins.reduce((sum, { cases }) => sum + cases, 0);
  const shift = (index - 1.5) * 3;
  const points = bins.map(
    ({ meanClaim, right }) => `${(x(meanClaim) + shift).toFixed(1)},${y(right.share).toFixed(1)}`,
  );
  return [
    `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-opacity="0.5"/>`,
    ...bins.flatMap(({ cases, meanClaim, right }) => {
      const at = (x(meanClaim) + shift).toFixed(1);
      const radius = (2 + 8 * Math.sqrt(cases / Math.max(1, all))).toFixed(1);
      return [
        `<line x1="${at}" y1="${y(right.low).toFixed(1)}" x2="${at}" y2="${y(right.high).toFixed(1)}" stroke="${colour}" stroke-opacity="0.6"/>`,
        `<circle cx="${at}" cy="${y(right.share).toFixed(1)}" r="${radius}" fill="${colour}" fill-opacity="0.7"/>`,
      ];
    }),
    `<circle cx="${x(1) + 24}" cy="${y(1) + 12 + index * 22}" r="6" fill="${colour}"/>`,
    `<text x="${x(1) + 38}" y="${y(1) + 16 + index * 22}" fill="#111827">${name}</text>`,
  ];
}
