const NAME = 'vigil_csrf';

/** The CSRF token of this instance. Cookies are shared by all ports of a host, so each port has a name of its own. */
export function csrfToken(cookies: string = document.cookie, port: string = location.port): string {
  const jar = new Map(
    cookies.split('; ').map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, decodeURIComponent(value.join('='))];
    }),
  );
  const own = jar.get(`${NAME}_${port}`) ?? jar.get(NAME);
  if (own !== undefined) return own;
  // Reached through a tunnel the port differs from the one the server knows itself by.
  return [...jar].find(([name]) => name.startsWith(NAME))?.[1] ?? '';
}
