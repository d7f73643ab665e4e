import type { Camera, EventDetail, Transition, User, VigilEvent } from '@/api/types';

export const SITE = 1;
export const CAMERA = '11111111-1111-4111-8111-111111111111';
export const EVENT = '22222222-2222-4222-8222-222222222222';

export function aUser(changes: Partial<User> = {}): User {
  return {
    id: 1,
    username: 'ji-woo',
    language: 'en',
    is_staff: false,
    sites: [{ id: SITE, name: 'Yard', role: 'operator', time_zone: 'Asia/Seoul' }],
    ...changes,
  };
}

export function aCamera(changes: Partial<Camera> = {}): Camera {
  return {
    id: CAMERA,
    site: SITE,
    name: 'Gate',
    source: 'rtsp://***@camera/1',
    health: {
      state: 'watching',
      since: '2026-11-22T13:00:00Z',
      detail: '',
      progress: 1,
      frames_per_second: 5,
      last_frame_at: '2026-11-22T14:00:00Z',
      threshold: 1.5,
      provisional: false,
      trusted_in_seconds: 0,
    },
    created_at: '2026-11-20T00:00:00Z',
    updated_at: '2026-11-20T00:00:00Z',
    ...changes,
  };
}

export function anEvent(changes: Partial<VigilEvent> = {}): VigilEvent {
  return {
    id: EVENT,
    site: SITE,
    camera: CAMERA,
    camera_name: 'Gate',
    category: 'unusual',
    severity: 'high',
    status: 'new',
    score: 1.4,
    threshold: 1,
    provisional: false,
    box: null,
    reasons: [],
    started_at: '2026-11-22T14:00:00Z',
    peak_at: '2026-11-22T14:00:01Z',
    ended_at: '2026-11-22T14:00:09Z',
    snapshot: null,
    heat: null,
    usual: [],
    clip: null,
    sequence: 1,
    acknowledged_by: null,
    flagged: false,
    ...changes,
  };
}

export function aTransition(changes: Partial<Transition> = {}): Transition {
  return {
    id: crypto.randomUUID(),
    sequence: 1,
    kind: 'opened',
    old_status: '',
    new_status: 'new',
    at: '2026-11-22T14:00:00Z',
    by: null,
    note: '',
    score: null,
    ...changes,
  };
}

export function aDetail(changes: Partial<EventDetail> = {}): EventDetail {
  return { ...anEvent(), transitions: [], recordings: [], ...changes };
}
