import { createHash } from 'node:crypto';

/** Runs before the page is painted: takes up the remembered theme, and says that scripts run. The only inline script there is. */
export const themeScript =
  "document.documentElement.classList.add('js');" +
  "try{var t=localStorage.getItem('daybook-theme');" +
  "if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}";

/** The content security policy of every page, from any address and from disk; the hash admits the theme script alone. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(themeScript).digest('base64')}'`,
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
