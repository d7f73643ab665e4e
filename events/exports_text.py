"""What stands in the README.txt of a package, for whoever is handed it."""

from __future__ import annotations

README = """\
EVIDENCE OF ONE EVENT, EXPORTED FROM VIGIL

  event.json     all that Vigil knows of the event: times (UTC), score and threshold, what was unusual, who did what
  clip.mp4       the recording, if there is one
  snapshot.jpg   the picture at the peak
  heat.jpg       the same picture with the unusual places coloured
  usual-N.jpg    what this camera usually sees
  manifest.json  who made this package and when, with the size and SHA-256 of each file
  SHA256SUMS     the same sums, for programs

To check that no file was changed since the export:
  Linux, macOS   sha256sum -c SHA256SUMS    (macOS: shasum -a 256 -c SHA256SUMS)
  Windows        certutil -hashfile clip.mp4 SHA256    and compare with SHA256SUMS

The sums show that the files agree with the manifest. That the manifest is the one Vigil made is shown by the audit
trail of the installation: its entry "event.export_made" holds the SHA-256 of manifest.json.


사건 증거 자료 (Vigil에서 내보냄)

  event.json     사건에 관한 모든 정보: 시각(UTC), 점수와 기준값, 특이한 점, 누가 무엇을 했는지
  clip.mp4       녹화 영상(있는 경우)
  snapshot.jpg   가장 특이했던 순간의 사진
  heat.jpg       같은 사진에 특이한 부분을 색으로 표시한 것
  usual-N.jpg    이 카메라의 평소 모습
  manifest.json  이 자료를 누가 언제 만들었는지, 각 파일의 크기와 SHA-256
  SHA256SUMS     프로그램으로 확인하기 위한 같은 값

내보낸 뒤 파일이 바뀌지 않았는지 확인하는 방법:
  Linux, macOS   sha256sum -c SHA256SUMS    (macOS: shasum -a 256 -c SHA256SUMS)
  Windows        certutil -hashfile clip.mp4 SHA256    를 실행하여 SHA256SUMS와 비교

이 값은 파일이 manifest.json과 일치함을 보여 줍니다. manifest.json이 Vigil이 만든 그대로라는 것은 해당 설치의
감사 기록에서 확인할 수 있습니다: "event.export_made" 항목에 manifest.json의 SHA-256이 있습니다.
"""
