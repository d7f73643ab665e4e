"""Scenes that Vigil renders itself, for a demonstration without a camera, and honest about being rendered.

`scenes` says who is there and what happens when, `actors` draws them, `render` makes video files. The files are then
played, analysed and alarmed on like those of any other source.
"""
