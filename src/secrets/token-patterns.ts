/**
 * Forms by which a secret is known wherever it stands. None of them spans lines, and each is at most `longestToken`
 * characters long, so that a stream can be masked line by line.
 */
export const longestToken = 4_096;

const tokens = [
  'gh[pousr]_[A-Za-z0-9_]{36,255}',
  'github_pat_[A-Za-z0-9_]{22,255}',
  'gl(?:pat|ptt|rt|dt|soat|ft|cbt|agent|oas)-[A-Za-z0-9_.-]{20,200}',
  'npm_[A-Za-z0-9]{36}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,250}',
  'xapp-\\d-[A-Za-z0-9-]{10,250}',
  'https://hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,250}',
  'https://(?:\\w{1,20}\\.)?discord(?:app)?\\.com/api/webhooks/\\d{5,30}/[A-Za-z0-9_-]{20,250}',
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])',
  'AIza[A-Za-z0-9_-]{35}',
  'ya29\\.[A-Za-z0-9_-]{20,1000}',
  'GOCSPX-[A-Za-z0-9_-]{28}',
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,250}',
  'whsec_[A-Za-z0-9+/=]{20,250}',
  'sk-(?=[A-Za-z_-]{0,200}\\d)[A-Za-z0-9_-]{20,250}',
  'hf_[A-Za-z0-9]{30,250}',
  'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{32,128}',
  'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
  'lin_api_[A-Za-z0-9]{32,64}',
  'dop_v1_[0-9a-f]{64}',
  'pypi-[A-Za-z0-9_-]{50,1000}',
  'AGE-SECRET-KEY-1[0-9A-Z]{58}',
  'eyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{4,1500}\\.[A-Za-z0-9_-]{8,500}',
];

/** What stands before a secret and is no part of it. */
const announced = [
  // scheme://user:password@host
  '(?<=[A-Za-z]://)[^\\s/:@"\'<>`]{0,100}:[^\\s/@"\'<>`]{1,500}(?=@)',
  // .npmrc
  '(?<=:_(?:authToken|auth|password)[ \\t]?=[ \\t]?["\']?)[A-Za-z0-9+/=_.-]{8,500}',
  '(?<=[Aa]uthorization["\']?[ \\t]?[:=][ \\t]?["\']?(?:[Bb]earer|[Bb]asic|[Tt]oken|Bot)[ \\t])[^\\s"\',;]{8,2000}',
];

/** All of them in one expression. */
export const tokenPattern = new RegExp(
  [`(?<![A-Za-z0-9])(?:${tokens.join('|')})`, ...announced].join('|'),
  'g',
);

/** The first and the last line of a private key, and a line between them. */
export const privateKeyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
export const privateKeyEnds = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
export const privateKeyLine = /^[ +-]?(?:[A-Za-z0-9+/=\\]*|[A-Za-z-]{2,20}: [^"'`]*)\s*$/;
