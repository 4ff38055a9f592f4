// Instants, durations and numbers as people read them.

/** Whether a decimal amount is other than nothing. */
export function isSome(amount: string): boolean {
  return /[1-9]/.test(amount);
}

/** `2026-03-06T10:30:04.000Z` -> `10:30:04`. */
export function timeOfDay(instant: string): string {
  return instant.slice(11, 19);
}

/** `2026-03-06T10:30:04.000Z` -> `6 Mar 2026`. */
export function day(instant: string): string {
  const month = MONTHS[Number(instant.slice(5, 7)) - 1] ?? "";
  return `${Number(instant.slice(8, 10))} ${month} ${instant.slice(0, 4)}`;
}

const MONTHS = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/** How long until an instant, in its two largest units: `6 d 4 h`, `4 min 20 s`. */
export function remaining(untilMs: number): string {
  const seconds = Math.max(0, Math.ceil(untilMs / 1000));
  const units: [string, number][] = [
    ["d", Math.floor(seconds / 86400)],
    ["h", Math.floor(seconds / 3600) % 24],
    ["min", Math.floor(seconds / 60) % 60],
    ["s", seconds % 60],
  ];
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(" ");
}

/** `+254712345678` -> `+254 712 345 678`. */
export function phoneNumber(msisdn: string): string {
  return msisdn.replace(/^(\+\d{3})(\d{3})(\d{3})(\d+)$/, "$1 $2 $3 $4");
}

/** A wire word as a person says it: `wrong_pin` -> `wrong pin`. */
export function spoken(word: string): string {
  return word.replaceAll("_", " ");
}
