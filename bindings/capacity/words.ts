// Shares and rates as people read them.

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const gigabits = (mbps: number): string => (mbps < 1000 ? `${trimmed(mbps)} Mbit/s` : `${trimmed(mbps / 1000)} Gbit/s`);
const trimmed = (value: number): string => String(Math.round(value * 100) / 100);
