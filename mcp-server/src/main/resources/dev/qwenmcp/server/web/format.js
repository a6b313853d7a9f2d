// Numbers as people read them.

const whole = new Intl.NumberFormat('en');
const one = new Intl.NumberFormat('en', {minimumFractionDigits: 1, maximumFractionDigits: 1});

export const count = (n) => whole.format(n);

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${unit === 0 || n >= 100 ? whole.format(Math.round(n)) : one.format(n)} ${units[unit]}`;
}

/** 30.5 B, 596 M. */
export function parameters(n) {
  return n >= 1e9 ? `${one.format(n / 1e9)} B` : n >= 1e6 ? `${whole.format(Math.round(n / 1e6))} M`
    : whole.format(n);
}

export function seconds(s) {
  if (s < 1) {
    return `${whole.format(Math.round(s * 1000))} ms`;
  }
  if (s < 100) {
    return `${one.format(s)} s`;
  }
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(s % 60)} s`
    : minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
      : `${Math.floor(minutes / 1440)} days`;
}

export const speed = (s) => (s >= 100 || s === 0 ? whole.format(Math.round(s)) : one.format(s));

export const percent = (share) => `${whole.format(Math.round(share * 100))} %`;

export function time(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString('en', today
    ? {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false}
    : {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false});
}

export const plural = (n, word) => `${whole.format(n)} ${word}${n === 1 ? '' : 's'}`;

/** The parts of a prompt: computed, known from memory, read back from disk. */
export function promptParts(usage) {
  const all = Math.max(1, usage.promptTokens);
  const memory = usage.cachedTokens - usage.restoredTokens;
  return [
    {share: (usage.promptTokens - usage.cachedTokens) / all, kind: 'computed'},
    {share: memory / all, kind: 'cached'},
    {share: usage.restoredTokens / all, kind: 'restored'},
  ];
}

export function promptWords(usage) {
  return `${count(usage.promptTokens)} prompt tokens, ${count(usage.cachedTokens)} of them cached, `
    + `${count(usage.restoredTokens)} restored from disk`;
}
