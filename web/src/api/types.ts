import type { components } from './schema';

type Schemas = components['schemas'];

export type Camera = Schemas['Camera'];
export type Health = Schemas['Health'];
export type HealthState = Health['state'];
export type VigilEvent = Schemas['Event'];
export type EventDetail = Schemas['EventDetail'];
export type Transition = Schemas['Transition'];
export type Reason = Schemas['Reason'];
export type Scores = Schemas['Scores'];
export type Status = VigilEvent['status'];
export type Severity = VigilEvent['severity'];
export type User = Schemas['User'];
export type UserSite = User['sites'][number];
export type Role = UserSite['role'];
export type Place = Schemas['Place'];
export type ApiKey = Schemas['Key'];
export type NewApiKey = Schemas['NewKey'];
export type SecondFactorState = Schemas['State'];
export type SetUp = Schemas['SetUp'];
export type Invited = Schemas['Invited'];
export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type NewInvitation = Schemas['NewInvitation'];
