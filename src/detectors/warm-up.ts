import { median, medianAbsoluteDeviation } from "simple-statistics";

/** MAD of a normal distribution × this = its standard deviation. */
const MAD_TO_SD = 1.4826;

/** Level and scale of a subject's first values: their median and their scaled MAD, which a few outliers do not move. */
export function firstLevel(values: Float64Array): { readonly level: number; readonly scale: number } {
  const list = Array.from(values);
  return { level: median(list), scale: MAD_TO_SD * medianAbsoluteDeviation(list) };
}
