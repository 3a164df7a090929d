// What every answer tells the browser about what our page may do.
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

const always: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Others are told nothing. With `no-referrer` some browsers would also hide from us which page asks (`Origin: null`).
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** `isStrict`: a year of HTTPS alone, for this name and all its ports. */
export const securityHeaders = (isStrict: boolean): readonly (readonly [string, string])[] =>
  Object.entries({ ...always, ...(isStrict && { 'Strict-Transport-Security': 'max-age=31536000' }) });
