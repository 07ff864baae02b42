const words = (text: string) => text.trim().split(/\s+/);

/**
 * What programs that build and test need of the environment they are started in, and nothing that decides what they find:
 * where things are on this machine, how to reach the network, how to write to the screen. By case the names do not differ.
 */
const always = words(`
  PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TZ TERM COLORTERM NO_COLOR FORCE_COLOR TMPDIR TMP TEMP XDG_*
  DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE
  NODE_EXTRA_CA_CERTS NIX_PATH NIX_PROFILES NIX_SSL_CERT_FILE

  npm_config_cache npm_config_prefix npm_config_registry npm_config_userconfig COREPACK_HOME PNPM_HOME
  YARN_CACHE_FOLDER BUN_INSTALL DENO_DIR NVM_DIR NVM_BIN VOLTA_HOME FNM_DIR FNM_MULTISHELL_PATH ASDF_DIR
  ASDF_DATA_DIR MISE_DATA_DIR PLAYWRIGHT_BROWSERS_PATH CYPRESS_CACHE_FOLDER PUPPETEER_CACHE_DIR
  PUPPETEER_EXECUTABLE_PATH CHROME_BIN CHROME_PATH

  JAVA_HOME GRADLE_USER_HOME MAVEN_HOME M2_HOME ANDROID_HOME ANDROID_SDK_ROOT CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN
  GOPATH GOROOT GOCACHE GOMODCACHE GOPROXY PYENV_ROOT PYENV_VERSION VIRTUAL_ENV CONDA_PREFIX PIP_CACHE_DIR UV_CACHE_DIR
  POETRY_HOME GEM_HOME GEM_PATH RBENV_ROOT RBENV_VERSION DOTNET_ROOT NUGET_PACKAGES
  CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LIBRARY_PATH CPATH PKG_CONFIG_PATH LD_LIBRARY_PATH DYLD_LIBRARY_PATH
  DYLD_FALLBACK_LIBRARY_PATH SDKROOT DEVELOPER_DIR

  SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA PROGRAMDATA ALLUSERSPROFILE PROGRAMFILES
  PROGRAMFILES(X86) PROGRAMW6432 COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 USERPROFILE USERNAME
  USERDOMAIN HOMEDRIVE HOMEPATH COMPUTERNAME PUBLIC OS NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER
  PSMODULEPATH
`);

/**
 * Names that a pattern does not cover, because they speak of another task: of the repository in whose hook the host was
 * started, or of the test runner that started it (`node --test` runs nothing below another `node --test`). Who writes
 * out how such a name begins gets it.
 */
const ofOthers = words('GIT_* NODE_TEST_CONTEXT MOULT_TASK');

/**
 * Whether a variable of the host reaches a check.
 *
 * @param more names, or patterns with `*`, of the configuration's `passEnv`.
 */
export function passedVariables(more: readonly string[] = []): (name: string) => boolean {
  const isAlways = matcher(always);
  const isOfOthers = matcher(ofOthers);
  const isMore = matcher(more);
  const isNamed = matcher(more.filter((pattern) => isOfOthers(pattern.replace(/\*.*$/s, ''))));
  return (name) => isNamed(name) || ((isAlways(name) || isMore(name)) && !isOfOthers(name));
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns.map((pattern) => pattern.toUpperCase()));
  const globs = [...names].filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (name) => {
    const upper = name.toUpperCase();
    return names.has(upper) || globs.some((parts) => hasParts(upper, parts));
  };
}

/** The parts in their order, the first at the beginning and the last at the end. */
function hasParts(name: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at === -1 || at + part.length > name.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}
