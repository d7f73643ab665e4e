import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { api, problem, server } from '@/testing/server';
import { client, dataOf } from './client';
import { csrfToken } from './csrf';
import { cursorOf } from './cursor';
import { ApiError } from './errors';

async function failure(): Promise<ApiError> {
  const error: unknown = await dataOf(client.GET('/api/v1/auth/session')).catch((caught: unknown) => caught);
  if (error instanceof ApiError) return error;
  throw new Error('it did not fail');
}

describe('an answer that is not a success', () => {
  it('is told with the code, the message and the fields of the server', async () => {
    server.use(http.get(api('auth/session'), () => problem(400, 'invalid', 'No.', { name: ['Too long.'] })));
    expect(await failure()).toMatchObject({
      status: 400,
      code: 'invalid',
      message: 'No.',
      fields: { name: ['Too long.'] },
      passing: false,
    });
  });

  it("is 'unavailable' where a proxy answers with a page of its own", async () => {
    server.use(
      http.get(api('auth/session'), () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 })),
    );
    expect(await failure()).toMatchObject({ status: 502, code: 'unavailable', passing: true });
  });

  it("is 'network' where none came", async () => {
    server.use(http.get(api('auth/session'), () => HttpResponse.error()));
    expect(await failure()).toMatchObject({ status: 0, code: 'network', passing: true });
  });
});

describe('the CSRF token', () => {
  it('is that of this port, not of another instance on the host', () => {
    const cookies = 'vigil_csrf_8000=other; vigil_csrf_8123=own';
    expect(csrfToken(cookies, '8123')).toBe('own');
  });

  it('is the one without a port behind a proxy', () => {
    expect(csrfToken('vigil_csrf_8000=other; vigil_csrf=own', '')).toBe('own');
  });

  it('is any of ours through a tunnel', () => {
    expect(csrfToken('a=b; vigil_csrf_8000=own', '9999')).toBe('own');
  });
});

describe('the cursor', () => {
  it('is taken out of the address of the next page', () => {
    expect(cursorOf('http://vigil/api/v1/events/?cursor=cD0y&status=new')).toBe('cD0y');
  });

  it('is none at the end', () => {
    expect(cursorOf(null)).toBeUndefined();
  });
});
