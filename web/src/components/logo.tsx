/** The mark: an eye whose pupil is a reading that left its usual line. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="2 5 28 22" fill="none" aria-hidden="true">
      <path
        d="M4 16c3.2-5.4 7.2-8 12-8s8.8 2.6 12 8c-3.2 5.4-7.2 8-12 8s-8.8-2.6-12-8Z"
        stroke="var(--accent)"
        strokeWidth="2.2"
        strokeLinejoin="round"
      />
      <path
        d="M7.5 16h4l2-4 3.5 8 2.3-4h5.2"
        stroke="var(--text)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
