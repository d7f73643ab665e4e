import { describe, expect, it } from 'vitest';
import { caughtUp, hearAll, hearOne } from './sequences';

describe('hearing all numbers', () => {
  it('finds nothing missed where they are known', () => {
    expect(hearAll({ 1: 5, 2: 0 }, { 1: 5, 2: 0 })).toEqual({
      known: { 1: 5, 2: 0 },
      behind: [],
      reload: false,
    });
  });

  it('finds the sites of which changes were missed, even the last one', () => {
    expect(hearAll({ 1: 5, 2: 9 }, { 1: 7, 2: 9 })).toEqual({
      known: { 1: 5, 2: 9 },
      behind: ['1'],
      reload: false,
    });
  });

  it('loads anew for a site not heard of before', () => {
    expect(hearAll({}, { 1: 7 })).toEqual({ known: { 1: 7 }, behind: [], reload: true });
  });

  it('loads anew where the numbers went down: another history', () => {
    expect(hearAll({ 1: 7 }, { 1: 3 })).toEqual({ known: { 1: 3 }, behind: [], reload: true });
  });

  it('forgets a site that may not be seen any more', () => {
    expect(hearAll({ 1: 7, 2: 3 }, { 1: 7 }).known).toEqual({ 1: 7 });
  });
});

describe('hearing of one change', () => {
  it('goes on where it is the next one', () => {
    expect(hearOne({ 1: 5 }, '1', 6)).toEqual({ known: { 1: 6 }, behind: [], reload: false });
  });

  it('stays where it is and asks where there is a gap', () => {
    expect(hearOne({ 1: 5 }, '1', 8)).toEqual({ known: { 1: 5 }, behind: ['1'], reload: false });
  });

  it('takes a repeated one for nothing', () => {
    expect(hearOne({ 1: 5 }, '1', 5)).toEqual({ known: { 1: 5 }, behind: [], reload: false });
  });
});

describe('catching up', () => {
  it('never goes back', () => {
    expect(caughtUp({ 1: 9 }, '1', 7)).toEqual({ 1: 9 });
    expect(caughtUp({ 1: 5 }, '1', 7)).toEqual({ 1: 7 });
  });
});
