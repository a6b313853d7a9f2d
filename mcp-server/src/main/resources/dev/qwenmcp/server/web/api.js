// The server's JSON, with the token where the server wants one. The token stays in this tab.

const KEY = 'qwen-mcp-token';
const dialog = document.getElementById('token-dialog');
let asking = null;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const hasToken = () => sessionStorage.getItem(KEY) !== null;

/** Headers of every request to the server. */
export function headers(more = {}) {
  const token = sessionStorage.getItem(KEY);
  return token === null ? more : {...more, Authorization: `Bearer ${token}`};
}

/** Asks for a token, once for all that wait for one. */
export function askForToken(reason) {
  asking ??= new Promise((resolve) => {
    document.getElementById('token-reason').textContent = reason;
    const field = document.getElementById('token-field');
    field.value = '';
    document.getElementById('token-form').onsubmit = () => {
      sessionStorage.setItem(KEY, field.value.trim());
      asking = null;
      resolve();
    };
    dialog.oncancel = (event) => event.preventDefault();
    dialog.showModal();
  });
  return asking;
}

/** fetch that asks for a token where one is missing or wrong, and tries again. */
export async function send(path, options = {}) {
  for (;;) {
    if (asking) {
      await asking;
    }
    const used = sessionStorage.getItem(KEY);
    const response = await fetch(path, {...options, headers: headers(options.headers), cache: 'no-store'});
    if (response.status !== 401) {
      return response;
    }
    if (used === sessionStorage.getItem(KEY)) { // else another one was entered meanwhile
      await askForToken(hasToken() ? await message(response) : 'Whoever uses it says who they are.');
    }
  }
}

async function message(response) {
  try {
    const body = await response.clone().json();
    return (typeof body.error === 'string' ? body.error : body.error?.message) ?? response.statusText;
  } catch {
    return `the server answered ${response.status}`;
  }
}

/** GET of /api/…, as JSON. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  let response;
  try {
    response = await send(`/api/${path}${query ? `?${query}` : ''}`);
  } catch {
    throw new ApiError(0, 'The server does not answer.');
  }
  if (!response.ok) {
    throw new ApiError(response.status, await message(response));
  }
  return response.json();
}

/** Calls a function again and again, not while the page is hidden; returns what ends that. */
export function repeat(milliseconds, work) {
  let stopped = false;
  let timer = 0;
  const round = async () => {
    if (!document.hidden) {
      await work();
    }
    if (!stopped) {
      timer = setTimeout(round, milliseconds);
    }
  };
  round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
